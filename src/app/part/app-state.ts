import {
  type Middleware,
  type MiddlewareSnapshot,
  middlewareAround,
  snapshotOf,
  withSnapshots,
} from '../../endpoint/middleware.js'
import type { Binding } from '../../endpoint/serve.js'
import type { Health } from '../../observability/health.js'
import type { ServingStatus } from '../../observability/serving-status.js'
import { type ClientParts, clientParts } from '../../transport/client-parts.js'
import type { ChannelSnapshot, ServerSnapshot } from '../../transport/snapshot.js'
import type { Address, Channel } from '../../transport/transport.js'
import type { AppServer } from '../servers.js'

/** What `/state` shows. Fields may come and go while `version` is 1: it is for people. */
export interface AppState {
  readonly version: 1
  /** Status by service; that of the whole process under the empty name. */
  readonly health: Readonly<Record<string, ServingStatus>>
  /** In the order of the options; of a server that cannot tell, the address. */
  readonly servers: readonly (Partial<ServerSnapshot> & { readonly url: string })[]
  /** What the middleware around the methods of the app does, as far as it can tell; that around all of them first. */
  readonly middleware: readonly (MiddlewareSnapshot & { readonly methods?: readonly string[] })[]
  readonly clients: readonly ClientState[]
}

/** A client, a channel or a guarded function at one moment. */
export type ClientState = Partial<ChannelSnapshot> & {
  /** The service, or the function. Absent for a channel. */
  readonly name?: string
  /** What the middleware of calls does, as far as it can tell. Absent for a channel. */
  readonly middleware?: readonly MiddlewareSnapshot[]
}

/** What the state of an app is read from. */
export interface AppStateInit {
  readonly health: Health
  readonly servers?: readonly AppServer[] | undefined
  /** What the servers serve. */
  readonly bindings: readonly Binding[]
  addresses(): readonly Address[]
  /** Clients, channels and guarded functions. */
  readonly clients?: readonly object[] | undefined
}

/** Tells what an app does at the moment of asking. Throws a `TypeError` for what is neither client, channel nor guarded function. */
export function appState({ health, servers = [], bindings, addresses, clients = [] }: AppStateInit): () => AppState {
  const readClients = clients.map(readerOf)
  const serving = servingMiddleware(bindings)
  return () => ({
    version: 1,
    health: Object.fromEntries(health.statuses()),
    servers: addresses().map(({ url }, index) => ({ url, ...servers[index]?.snapshot?.() })),
    middleware: serving.map(({ middleware, where }) => ({ ...snapshotOf(middleware), ...where })),
    clients: readClients.flatMap((read) => read() ?? []),
  })
}

/** Most methods that are named for one middleware. */
const MOST_METHODS = 20

interface ServingMiddleware {
  readonly middleware: Middleware
  readonly where: { readonly methods?: readonly string[] }
}

/** The middleware around methods that can tell what it does, with the methods where it is not around all. */
function servingMiddleware(bindings: readonly Binding[]): readonly ServingMiddleware[] {
  const methodsOf = new Map<Middleware, string[]>()
  for (const { method, endpoint } of bindings) {
    for (const middleware of withSnapshots(middlewareAround(endpoint))) {
      const methods = methodsOf.get(middleware) ?? []
      methods.push(method.path)
      methodsOf.set(middleware, methods)
    }
  }
  const everywhere = (methods: readonly string[]): boolean => methods.length === bindings.length
  return [...methodsOf]
    .sort(([, a], [, b]) => Number(everywhere(b)) - Number(everywhere(a)))
    .map(([middleware, methods]) => ({
      middleware,
      where: everywhere(methods) ? {} : { methods: methods.slice(0, MOST_METHODS) },
    }))
}

function readerOf(client: object): () => ClientState | undefined {
  const parts = clientParts(client)
  if (parts) return () => clientState(parts)
  if (isChannel(client)) return () => client.snapshot?.()
  throw new TypeError('clients: pass what createClient, createChannel or wrap returns')
}

function clientState({ name, channel, middleware }: ClientParts): ClientState {
  return { name, ...channel?.snapshot?.(), middleware: withSnapshots(middleware).map(snapshotOf) }
}

function isChannel(value: object): value is Channel {
  const { endpoint, onStateChange } = value as Partial<Channel>
  return typeof endpoint === 'function' && typeof onStateChange === 'function'
}
