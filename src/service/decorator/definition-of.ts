import type { Service, ServiceDefinition } from '../definition.js'
import type { AnyClass } from './decorated.js'
import { readDefinition, readService } from './read-service.js'
import { contractOf } from './service.js'

/**
 * The contract of a service in whatever form it is: a definition, a service, a class with `@service`, or an instance of one.
 * `undefined` of anything else. Throws a `TypeError` if a decorated class is no service.
 */
export function definitionOf(source: unknown): ServiceDefinition | undefined {
  if (typeof source === 'function') return isService(source.prototype) ? readDefinition(source as AnyClass) : undefined
  if (typeof source !== 'object' || source === null) return undefined
  if (isDefinition(source)) return source
  const { definition } = source as Partial<Service>
  if (isDefinition(definition)) return definition
  return isService(Object.getPrototypeOf(source)) ? readService(source)?.definition : undefined
}

/** True of what instances of a class with `@service`, or of one that extends it, inherit from. */
function isService(prototype: unknown): boolean {
  return typeof prototype === 'object' && prototype !== null && contractOf(Object.create(prototype)) !== undefined
}

function isDefinition(source: unknown): source is ServiceDefinition {
  const { name, methods } = (source ?? {}) as Partial<ServiceDefinition>
  if (typeof name !== 'string' || typeof methods !== 'object' || methods === null) return false
  return Object.values(methods).every((method) => typeof method?.path === 'string' && typeof method.kind === 'string')
}
