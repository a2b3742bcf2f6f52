import { optionalPackage } from '../../library/lazy-package.js'
import { RuleProblem } from '../option/rules.js'

/** What is used of the library that runs expressions: of `@marcbachmann/cel-js`, an optional peer. */
export interface CelLibrary {
  readonly Environment: new (options?: object) => CelEnvironment
  readonly Duration: new (seconds: bigint, nanos?: number) => object
  readonly UnsignedInt: new (value: bigint) => { valueOf(): bigint }
}

/** What expressions are compiled in: the names that they know, and of which type these are. */
export interface CelEnvironment {
  clone(): CelEnvironment
  registerFunction(signature: string, handler: (...args: never[]) => unknown): CelEnvironment
  registerOperator(signature: string, handler: (left: never, right: never) => unknown): CelEnvironment
  registerType(
    name: string,
    type: { readonly ctor: unknown; readonly fields: Readonly<Record<string, string>> },
  ): CelEnvironment
  registerVariable(name: string, type: string): CelEnvironment
  parse(expression: string): CelExpression
}

/** An expression, parsed. */
export interface CelExpression {
  (context: Readonly<Record<string, unknown>>): unknown
  check(): { readonly valid: boolean; readonly type?: string; readonly error?: Error }
  readonly ast: CelNode
}

/** A part of an expression. */
export interface CelNode {
  readonly op: string
  readonly args: unknown
}

const PACKAGE = '@marcbachmann/cel-js'

let loaded: CelLibrary | undefined

/** The library. Throws a `RuleProblem` if it is not installed, or needs a newer Node. */
export function celLibrary(): CelLibrary {
  loaded ??= load()
  return loaded
}

function load(): CelLibrary {
  try {
    const library = optionalPackage<CelLibrary>(`${PACKAGE}/evaluator`)
    if (library) return library
  } catch (error) {
    if ((error as { code?: string }).code !== 'ERR_REQUIRE_ESM') throw error
    throw new RuleProblem(`a CEL expression needs Node 20.19 or later, for ${PACKAGE}`)
  }
  throw new RuleProblem(`a CEL expression needs the package ${PACKAGE}: npm install ${PACKAGE}`)
}
