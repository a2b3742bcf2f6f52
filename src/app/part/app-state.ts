import type { Health } from '../../observability/health.js'
import type { ServingStatus } from '../../observability/serving-status.js'
import { clientChannel } from '../../transport/client-channel.js'
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
  readonly clients: readonly ChannelSnapshot[]
}

/** What the state of an app is read from. */
export interface AppStateInit {
  readonly health: Health
  readonly servers?: readonly AppServer[] | undefined
  addresses(): readonly Address[]
  /** Clients and channels. */
  readonly clients?: readonly object[] | undefined
}

/** Tells what an app does at the moment of asking. Throws a `TypeError` for a client that is neither client nor channel. */
export function appState({ health, servers = [], addresses, clients = [] }: AppStateInit): () => AppState {
  const channels = clients.map((client) => {
    const channel = channelOf(client)
    if (!channel) throw new TypeError('clients: pass what createClient or createChannel returns')
    return channel
  })
  return () => ({
    version: 1,
    health: Object.fromEntries(health.statuses()),
    servers: addresses().map(({ url }, index) => ({ url, ...servers[index]?.snapshot?.() })),
    clients: channels.flatMap((channel) => channel.snapshot?.() ?? []),
  })
}

function channelOf(client: object): Channel | undefined {
  return clientChannel(client) ?? (isChannel(client) ? client : undefined)
}

function isChannel(value: object): value is Channel {
  const { endpoint, onStateChange } = value as Partial<Channel>
  return typeof endpoint === 'function' && typeof onStateChange === 'function'
}
