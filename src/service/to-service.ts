import { readService } from './decorator/read-service.js'
import { isServiceClass } from './decorator/service.js'
import type { Service } from './definition.js'

/**
 * Makes a `Service` of whatever serves: a `Service` is itself, an instance of a class with `@service` is read.
 *
 * Throws a `TypeError` for anything else, and one that lists what is wrong where a class does not serve its contract.
 */
export function toService(source: object): Service {
  if (isService(source)) return source
  const read = typeof source === 'object' && source ? readService(source) : undefined
  if (read) return read
  if (isServiceClass(source)) throw new TypeError(`${nameOf(source)} is no service, its instances are: pass one`)
  throw new TypeError(
    `${nameOf(source)} is no service: pass what implement() returns, or an instance of a class with @service`,
  )
}

function isService(source: object): source is Service {
  const { definition, bindings } = (source ?? {}) as Partial<Service>
  return typeof definition?.name === 'string' && Array.isArray(bindings)
}

function nameOf(source: object): string {
  if (typeof source === 'function') return `class ${source.name}`
  return typeof source === 'object' && source ? `an instance of ${source.constructor?.name}` : String(source)
}
