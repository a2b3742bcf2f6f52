import { chain, checkMethod, type Middleware } from '../endpoint/middleware.js'
import type { Binding } from '../endpoint/serve.js'
import { throwProblems } from './problem.js'
import { toService } from './to-service.js'

/**
 * What a server listens with: all methods of all services, each in the given middleware. That is composed here, once,
 * and stands outside of the services' own.
 *
 * Services are what `toService` takes. Throws a `TypeError` if two of them have the same method, and what a middleware throws
 * that cannot do its work for one: `validate`, where the rules of a contract are wrong.
 */
export function bindings(services: readonly object[], ...middleware: readonly Middleware[]): Binding[] {
  const all = services.flatMap((service) => toService(service).bindings)
  const paths = all.map(({ method }) => method.path)
  const doubled = new Set(paths.filter((path, index) => paths.indexOf(path) !== index))
  throwProblems(
    'services cannot be served together',
    [...doubled].map((path) => `more than one has ${path}`),
  )
  for (const { method } of all) checkMethod(method, middleware)
  const around = chain(...middleware)
  return all.map(({ method, endpoint }) => ({ method, endpoint: around(endpoint) }))
}
