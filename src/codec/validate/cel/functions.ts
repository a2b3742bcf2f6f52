import { isEmail, isHostAndPort, isHostname } from '../format/host.js'
import { isIp, isIpPrefix } from '../format/ip.js'
import { isUri, isUriRef } from '../format/uri.js'
import { compilePattern } from '../pattern/compile-pattern.js'
import { isUnique } from '../rule/collection-rules.js'
import { CelMessage } from './cel-message.js'
import { withConversions } from './conversions.js'
import { formatText } from './format-text.js'
import type { CelEnvironment, CelNode } from './library.js'
import { HAS_FIELD, MATCHES_PATTERN } from './source.js'

/** Adds what expressions of protovalidate may call beyond the language. */
export function registerFunctions(environment: CelEnvironment): CelEnvironment {
  return withText(withNumbers(withOwn(withConversions(environment))))
    .registerFunction(
      'bytes.startsWith(bytes): bool',
      (value: Uint8Array, part: Uint8Array) => indexIn(value, part) === 0,
    )
    .registerFunction('bytes.endsWith(bytes): bool', (value: Uint8Array, part: Uint8Array) =>
      Buffer.from(value)
        .subarray(Math.max(0, value.length - part.length))
        .equals(part),
    )
    .registerFunction('bytes.contains(bytes): bool', (value: Uint8Array, part: Uint8Array) => indexIn(value, part) >= 0)
    .registerFunction('list.unique(): bool', (list: readonly unknown[]) => isUnique(list.map(comparable)))
}

function withText(environment: CelEnvironment): CelEnvironment {
  return environment
    .registerFunction('string.isEmail(): bool', (text: string) => isEmail(text))
    .registerFunction('string.isHostname(): bool', (text: string) => isHostname(text))
    .registerFunction('string.isUri(): bool', (text: string) => isUri(text))
    .registerFunction('string.isUriRef(): bool', (text: string) => isUriRef(text))
    .registerFunction('string.isHostAndPort(bool): bool', (text: string, port: boolean) => isHostAndPort(text, port))
    .registerFunction('string.isIp(): bool', (text: string) => isIp(text))
    .registerFunction('string.isIp(int): bool', (text: string, version: bigint) => isIp(text, Number(version)))
    .registerFunction('string.isIpPrefix(): bool', (text: string) => isIpPrefix(text))
    .registerFunction('string.isIpPrefix(int): bool', (text: string, version: bigint) =>
      isIpPrefix(text, Number(version)),
    )
    .registerFunction('string.isIpPrefix(bool): bool', (text: string, strict: boolean) => isIpPrefix(text, 0, strict))
    .registerFunction('string.isIpPrefix(int, bool): bool', (text: string, version: bigint, strict: boolean) =>
      isIpPrefix(text, Number(version), strict),
    )
    .registerFunction('string.format(list): string', (format: string, values: readonly unknown[]) =>
      formatText(format, values),
    )
}

function withNumbers(environment: CelEnvironment): CelEnvironment {
  const equal = (a: number | bigint | object, b: number | bigint | object): boolean => a <= b && a >= b
  return (
    environment
      .registerFunction('double.isNan(): bool', (value: number) => Number.isNaN(value))
      .registerFunction('double.isInf(): bool', (value: number) => Math.abs(value) === Infinity)
      .registerFunction('double.isInf(int): bool', (value: number, sign: bigint) =>
        sign === 0n ? Math.abs(value) === Infinity : value === (sign > 0n ? Infinity : -Infinity),
      )
      // Numbers of different types are compared by what they are worth.
      .registerOperator('uint == int', equal)
      .registerOperator('int == double', equal)
      .registerOperator('uint == double', equal)
  )
}

function withOwn(environment: CelEnvironment): CelEnvironment {
  const patterns = new Map<string, (text: string) => boolean>()
  const matchesPattern = (text: string, pattern: string): boolean => {
    const matches = patterns.get(pattern) ?? compilePattern(pattern, 'matches')
    // A pattern may be made of what is in a message.
    if (patterns.size < 100) patterns.set(pattern, matches)
    return matches(text)
  }
  return environment
    .registerFunction(`string.${MATCHES_PATTERN}(string): bool`, matchesPattern)
    .registerFunction(`${MATCHES_PATTERN}(string, string): bool`, matchesPattern)
    .registerFunction(`${HAS_FIELD}(ast): bool`, ({ args }: Macro) => ({ args, async: false, evaluate, typeCheck }))
    .registerFunction('getField(dyn, string): dyn', (of: unknown, name: string) => fieldIn(of, name))
}

interface Macro {
  readonly args: readonly [CelNode]
}

interface Evaluator {
  run(node: unknown, context: unknown): unknown
}

interface Checker {
  check(node: unknown, context: unknown): unknown
  getType(name: string): unknown
}

/** `has(a.b)`: the part in front of the last dot is read, what is behind it is asked for. */
function evaluate(evaluator: Evaluator, { args: [node] }: Macro, context: unknown): boolean {
  const [receiver, name] = node.args as [unknown, string]
  const of = evaluator.run(receiver, context)
  return of instanceof CelMessage ? of.has(name) : of instanceof Map && of.has(name)
}

function typeCheck(checker: Checker, { args: [node] }: Macro, context: unknown): unknown {
  if (node.op !== '.') throw new Error('has() takes a field: has(this.field)')
  checker.check(node, context)
  return checker.getType('bool')
}

function fieldIn(of: unknown, name: string): unknown {
  if (of instanceof Map) return of.get(name)
  return of instanceof CelMessage ? (of as unknown as Readonly<Record<string, unknown>>)[name] : undefined
}

function indexIn(value: Uint8Array, part: Uint8Array): number {
  return Buffer.from(value).indexOf(part)
}

/** Unsigned integers are objects of the library. */
function comparable(value: unknown): unknown {
  if (value instanceof Uint8Array || typeof value !== 'object' || value === null) return value
  const plain: unknown = value.valueOf()
  return plain === value ? String(value) : plain
}
