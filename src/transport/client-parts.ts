import type { Middleware } from '../endpoint/middleware.js'
import type { Channel } from './transport.js'

/** What a client calls through. */
export interface ClientParts {
  /** The service that it calls, or the name of a function that `wrap` guards. */
  readonly name: string
  /** Absent for a function. */
  readonly channel?: Channel | undefined
  /** Runs once per call. */
  readonly middleware: readonly Middleware[]
}

const known = new WeakMap<object, ClientParts>()

/** Notes what a client is made of. */
export function rememberParts(client: object, parts: ClientParts): void {
  known.set(client, parts)
}

/** What a client of `createClient`, or a function of `wrap`, is made of; `undefined` of other objects. */
export function clientParts(client: object): ClientParts | undefined {
  return known.get(client)
}
