import type { Service, ServiceDefinition } from '../definition.js'
import type { AnyClass } from './decorated.js'
import { readDefinition, readService } from './read-service.js'
import { isServiceClass } from './service.js'

/**
 * The contract of a service in whatever form it is: a definition, a service, a class with `@service`, or an instance of one.
 * `undefined` of anything else. Throws a `TypeError` if a decorated class is no service.
 */
export function definitionOf(source: unknown): ServiceDefinition | undefined {
  if (isServiceClass(source)) return readDefinition(source as AnyClass)
  if (typeof source !== 'object' || source === null) return undefined
  if (isDefinition(source)) return source
  const { definition } = source as Partial<Service>
  if (isDefinition(definition)) return definition
  return isServiceClass(source.constructor) ? readService(source)?.definition : undefined
}

function isDefinition(source: unknown): source is ServiceDefinition {
  const { name, methods } = (source ?? {}) as Partial<ServiceDefinition>
  if (typeof name !== 'string' || typeof methods !== 'object' || methods === null) return false
  return Object.values(methods).every((method) => typeof method?.path === 'string' && typeof method.kind === 'string')
}
