import { chain, type Middleware } from '../endpoint/middleware.js'
import { methodRecords } from './decorator/method-record.js'
import { classMiddleware } from './decorator/use.js'
import type { Implementation, Service, ServiceDefinition } from './definition.js'
import { type AnyHandler, handlerEndpoint } from './handler-endpoint.js'
import { throwProblems } from './problem.js'

/** Middleware by method, named as code names it. */
export type MethodMiddleware<D extends ServiceDefinition> = {
  readonly [K in keyof D['methods']]?: readonly Middleware[] | undefined
}

/** What an implementation adds to its handlers. */
export interface ImplementOptions<D extends ServiceDefinition = ServiceDefinition> {
  /** Middleware of all methods, or of each; inside the global one. The first named is outermost. None by default. */
  readonly use?: readonly Middleware[] | MethodMiddleware<D> | undefined
}

/**
 * Joins a contract with its handlers: an object literal, or an instance of a class, whose methods keep their `this`.
 *
 * ```ts
 * const greeter = implement(Greeter, {
 *   sayHello: (request) => ({ message: `Hello ${request.name}` }),
 *   async *watchHellos(request, context) { … },
 * })
 * ```
 *
 * Throws a `TypeError` that lists every method without a handler, and every function of an object literal that the
 * contract lacks. A class may have further methods: they are its own business. One with decorators goes to `toService`.
 */
export function implement<D extends ServiceDefinition>(
  definition: D,
  handlers: Implementation<D>,
  options: ImplementOptions<D> = {},
): Service {
  const { use = [] } = options
  const middlewareOf = (key: string): readonly Middleware[] =>
    isList(use) ? use : ((use as MethodMiddleware<ServiceDefinition>)[key] ?? [])
  throwProblems(`service ${definition.name} cannot be implemented`, [
    ...(isDecorated(handlers) ? ['the class of its handlers has decorators, which only toService() reads'] : []),
    ...missingHandlers(definition, handlers),
    ...(isPlain(handlers) ? unknownHandlers(definition, handlers) : []),
    ...(isList(use) ? [] : unknownKeys(definition, use).map((key) => `use names ${key}, which the contract lacks`)),
  ])
  const bindings = Object.entries(definition.methods).map(([key, method]) => {
    const handler = findHandler(handlers, key) as AnyHandler
    return { method, endpoint: chain(...middlewareOf(key))(handlerEndpoint(method, handler.bind(handlers))) }
  })
  return { definition, bindings }
}

/** The function that an object has under a name, itself or by its class; what every object inherits does not count. */
export function findHandler(owner: object, key: string): AnyHandler | undefined {
  for (let at: object | null = owner; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
    if (!Object.hasOwn(at, key)) continue
    const value: unknown = (owner as Record<string, unknown>)[key]
    // The class that `at` is the prototype of is under `constructor` without being a handler.
    return typeof value === 'function' && value.prototype !== at ? (value as AnyHandler) : undefined
  }
  return undefined
}

/** Handlers whose `@use` would be lost. */
function isDecorated(handlers: object): boolean {
  return methodRecords(handlers).size > 0 || classMiddleware(handlers).length > 0
}

function missingHandlers(definition: ServiceDefinition, handlers: object): string[] {
  return Object.entries(definition.methods)
    .filter(([key]) => !findHandler(handlers, key))
    .map(([key, method]) => `${method.name} has no handler: a method ${key} is missing`)
}

function unknownHandlers(definition: ServiceDefinition, handlers: object): string[] {
  return unknownKeys(definition, handlers)
    .filter((key) => findHandler(handlers, key))
    .map((key) => `${key} handles no method: the contract has ${Object.keys(definition.methods).join(', ') || 'none'}`)
}

function unknownKeys(definition: ServiceDefinition, object: object): string[] {
  return Object.keys(object).filter((key) => !Object.hasOwn(definition.methods, key))
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

function isList(use: object): use is readonly Middleware[] {
  return Array.isArray(use)
}
