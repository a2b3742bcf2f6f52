import type { Channel } from './transport.js'

const channels = new WeakMap<object, Channel>()

/** Notes the channel of a client. */
export function rememberChannel(client: object, channel: Channel): void {
  channels.set(client, channel)
}

/** The channel that a client of `createClient` calls through, to see what it does; `undefined` of other objects. */
export function clientChannel(client: object): Channel | undefined {
  return channels.get(client)
}
