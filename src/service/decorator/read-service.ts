import type { DeclarationOptions } from '../../codec/message-descriptor.js'
import type { Middleware } from '../../endpoint/middleware.js'
import { defineService } from '../define-service.js'
import type { Service, ServiceDefinition } from '../definition.js'
import type { AnyHandler } from '../handler-endpoint.js'
import { findHandler, implement } from '../implement.js'
import { type MethodSpec, methodSpec } from '../method-spec.js'
import { throwProblems } from '../problem.js'
import type { AnyClass } from './decorated.js'
import { type MethodRecord, methodRecords, prototypeRecords, type RpcOptions } from './method-record.js'
import { contractOf, type ServiceContract } from './service.js'
import { classMiddleware } from './use.js'

/** A method of a class that `@rpc` stands on. */
interface RpcMethod {
  /** Its name in the class. */
  readonly property: string
  readonly rpc: RpcOptions
  readonly use: readonly Middleware[]
}

/**
 * Reads what decorators recorded for an instance, and makes a service of it; `undefined` if its class is not decorated.
 *
 * Throws a `TypeError` that lists every method of the contract without a handler, every handler that the contract lacks, and
 * every decorator that says nothing.
 */
export function readService(instance: object): Service | undefined {
  const records = methodRecords(instance)
  const read = readContract(instance, records)
  return read && serviceOf(instance, read)
}

/** The contract of a decorated class, without an instance of it; `undefined` if the class is not decorated. Throws as above. */
export function readDefinition(type: AnyClass): ServiceDefinition | undefined {
  const { prototype } = type as { readonly prototype: object }
  // What an instance inherits is all that is asked for.
  return readContract(Object.create(prototype) as object, prototypeRecords(prototype))?.definition
}

function readContract(instance: object, records: ReadonlyMap<string, MethodRecord>): ReadContract | undefined {
  const found = contractOf(instance)
  const name = instance.constructor.name
  if (found === undefined) {
    throwProblems(
      `${name} is no service`,
      records.size > 0 ? ['its methods have decorators, but it has no @service'] : [],
    )
    return undefined
  }
  const { contract, said } = found
  const methods = rpcMethods(records)
  const idle = [...records].filter(([, { rpc }]) => !rpc).map(([key]) => `${key} has @use, but no @rpc`)
  const read =
    typeof contract === 'string' ? ownContract({ name: contract, said }, methods) : matched(contract, methods, instance)
  throwProblems(`${name} cannot serve ${nameOf(contract)}`, [...idle, ...read.problems])
  return read
}

function nameOf(contract: ServiceContract): string {
  return typeof contract === 'string' ? contract : contract.name
}

/** A contract, and which method of a class handles each of its methods. */
interface ReadContract {
  readonly definition: ServiceDefinition
  readonly handlers: ReadonlyMap<string, RpcMethod>
  readonly problems: readonly string[]
}

function serviceOf(instance: object, { definition, handlers }: ReadContract): Service {
  const around = classMiddleware(instance)
  const bound: Record<string, AnyHandler> = {}
  const use: Record<string, readonly Middleware[]> = {}
  for (const [key, method] of handlers) {
    const handler = findHandler(instance, method.property)
    if (handler) bound[key] = handler.bind(instance)
    use[key] = [...around, ...method.use]
  }
  return implement(definition, bound, { use })
}

function rpcMethods(records: ReadonlyMap<string, MethodRecord>): RpcMethod[] {
  return [...records].flatMap(([property, { rpc, use }]) => (rpc ? [{ property, rpc, use }] : []))
}

function ownContract(
  { name, said }: { readonly name: string; readonly said: DeclarationOptions },
  methods: readonly RpcMethod[],
): ReadContract {
  const specs: Record<string, MethodSpec> = {}
  const problems = methods.length > 0 ? [] : ['it has no @rpc method']
  for (const { property, rpc } of methods) {
    const { request, response, kind = 'unary' } = rpc
    if (request && response) specs[property] = methodSpec(kind, { request, response }, rpc)
    else problems.push(`@rpc of ${property} lacks its request or response: the class is its own contract`)
  }
  const handlers = new Map(methods.map((method) => [method.property, method]))
  return { definition: defineService({ ...said, name, methods: specs }), handlers, problems }
}

function matched(definition: ServiceDefinition, methods: readonly RpcMethod[], instance: object): ReadContract {
  const handlers = new Map<string, RpcMethod>()
  const problems: string[] = []
  for (const method of methods) {
    const { property, rpc } = method
    const name = rpc.name ?? property
    const key = keyOf(definition, name)
    const other = key && handlers.get(key)
    if (!key) problems.push(`@rpc of ${property} handles ${name}, which the contract lacks: it has ${list(definition)}`)
    else if (other) problems.push(`${other.property} and ${property} both handle ${name}`)
    else handlers.set(key, method)
    if (rpc.request || rpc.response) problems.push(`@rpc of ${property} names messages, but the contract has them`)
  }
  return { definition, handlers, problems: [...problems, ...unhandled(definition, handlers, instance)] }
}

function unhandled(definition: ServiceDefinition, handlers: ReadContract['handlers'], instance: object): string[] {
  return Object.entries(definition.methods)
    .filter(([key]) => !handlers.has(key))
    .map(([key, { name }]) =>
      findHandler(instance, key) ? `${name} has no handler: ${key} lacks its @rpc()` : `${name} has no handler`,
    )
}

function keyOf(definition: ServiceDefinition, name: string): string | undefined {
  return Object.entries(definition.methods).find(([key, method]) => key === name || method.name === name)?.[0]
}

function list(definition: ServiceDefinition): string {
  return Object.keys(definition.methods).join(', ') || 'none'
}
