import type { MessageCodec } from '../codec/message-codec.js'
import type { ProtoFile } from '../codec/protobuf-file.js'
import type { Options } from '../codec/schema/schema.js'
import type { HttpRule, Method, MethodKind } from '../endpoint/method.js'
import type { ServiceDefinition } from './definition.js'
import type { MethodOptions, MethodSpec } from './method-spec.js'
import { throwProblems } from './problem.js'
import { UNFIT_NAMES } from './unfit-names.js'

/** Methods that a service is defined with, by the name that code uses. */
export type MethodSpecs = Readonly<Record<string, AnyMethodSpec>>

/** A method of any messages. Without what takes messages: `unary(…)` would conclude from it what its own take. */
export type AnyMethodSpec = Pick<MethodSpec, 'kind' | 'options'> &
  Readonly<Record<'request' | 'response', Omit<MessageCodec, '~init' | 'encode' | 'toJson' | 'toJsonText'>>>

/** The methods of a definition made from specs. */
export type MethodsOf<S extends MethodSpecs> = {
  readonly [K in keyof S]: S[K] extends MethodSpec<infer Req, infer Res, infer Kind, infer ReqInit, infer ResInit>
    ? Method<Req, Res, Kind, ReqInit, ResInit>
    : never
}

/** A file that services are from: one of generated code, say. */
export type ServiceFile = Pick<ProtoFile, 'schema'> & { readonly source: Pick<ProtoFile['source'], 'name'> }

const FULL_NAME = /^[A-Za-z_]\w*(\.[A-Za-z_]\w*)*$/
const NAME = /^[A-Za-z_]\w*$/

/**
 * Defines a service in code: the contract that `implement` and `createClient` take.
 *
 * ```ts
 * const Greeter = defineService({
 *   name: 'hello.v1.Greeter',
 *   methods: { sayHello: unary(HelloRequest, HelloReply, { idempotency: 'no_side_effects' }) },
 * })
 * ```
 *
 * Throws a `TypeError` that lists every name, path or duplicate that a contract cannot have.
 */
export function defineService<S extends MethodSpecs>(contract: {
  /** Full name: `hello.v1.Greeter`. */
  readonly name: string
  readonly methods: S
  /** The `.proto` file that it is from, or its name. */
  readonly file?: ServiceFile | string | undefined
  /** What the service is for, in words: for documents made from the contract. */
  readonly comment?: string | undefined
  readonly deprecated?: boolean | undefined
  /** Options of the service by name, extensions in brackets. */
  readonly options?: Options | undefined
}): ServiceDefinition<MethodsOf<S>> {
  const { name: service, methods: specs, file, ...rest } = contract
  const methods = Object.entries(specs).map(([key, spec]) => [key, methodOf(service, key, spec as MethodSpec)] as const)
  throwProblems(`service ${JSON.stringify(service)} cannot be defined`, [
    ...(FULL_NAME.test(service) ? [] : ['its name is not a full name like hello.v1.Greeter']),
    ...methods.flatMap(([key, method]) => [...keyProblems(key), ...methodProblems(method)]),
    ...duplicates(methods.map(([, method]) => method.name)).map((name) => `two methods are called ${name}`),
  ])
  const definition = { name: service, methods: Object.fromEntries(methods) as MethodsOf<S>, ...rest }
  if (typeof file !== 'object') return file === undefined ? definition : { ...definition, file }
  // Asked for late: what a file declares has to be put together.
  const declaredIn = { configurable: true, get: () => file.schema }
  return Object.defineProperty({ ...definition, file: file.source.name }, 'declaredIn', declaredIn)
}

function methodOf(service: string, key: string, spec: MethodSpec): Method {
  const { kind, request, response, options } = spec
  const name = options.name ?? key.charAt(0).toUpperCase() + key.slice(1)
  const idempotency = options.idempotency ?? 'unknown'
  const { comment, deprecated, options: others } = options
  return {
    service,
    name,
    path: `/${service}/${name}`,
    kind,
    idempotency,
    request,
    response,
    http: httpRules(options),
    ...(comment !== undefined && { comment }),
    ...(deprecated && { deprecated }),
    ...(others && Object.keys(others).length > 0 && { options: others }),
  }
}

function httpRules({ http = [] }: MethodOptions): readonly HttpRule[] {
  return Array.isArray(http) ? http : [http as HttpRule]
}

const KINDS: readonly MethodKind[] = ['unary', 'client_stream', 'server_stream', 'bidi_stream']

function keyProblems(key: string): string[] {
  if (!UNFIT_NAMES.has(key)) return []
  const upper = key.charAt(0).toUpperCase() + key.slice(1)
  return [`${key} cannot be a method's name in code, for JavaScript calls it by itself: call it ${upper}`]
}

function methodProblems({ name, kind, http }: Method): string[] {
  const problems: string[] = []
  if (!NAME.test(name)) problems.push(`${JSON.stringify(name)} is not a method name`)
  if (!KINDS.includes(kind))
    problems.push(`${name} has the kind ${JSON.stringify(kind)}, not one of ${KINDS.join(', ')}`)
  for (const rule of http) {
    if (!/^([A-Z]+|\*)$/.test(rule.method))
      problems.push(`${name} has the HTTP method ${JSON.stringify(rule.method)}, which is not in upper case`)
    if (!rule.path?.startsWith('/'))
      problems.push(`${name} has the HTTP path ${JSON.stringify(rule.path)}, which does not start with /`)
  }
  return problems
}

function duplicates(names: readonly string[]): string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}
