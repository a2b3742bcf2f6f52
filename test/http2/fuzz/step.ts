import type { Http2Options } from '../../../src/http2/options.js'
import type { Role } from '../peer/peer.js'

/** Something that the application, the socket or time does; numbers choose among what there is. */
export interface Act {
  readonly kind: (typeof acts)[number]
  /** Which stream, counted among those there are. */
  readonly which: number
  readonly amount: number
}

/** Everything that may happen to a machine but bytes. */
export const acts = [
  'request',
  'respond',
  'send',
  'sendPrefixed',
  'trailers',
  'end',
  'reset',
  'consume',
  'take',
  'block',
  'unblock',
  'ping',
  'wait',
  'shutDown',
  'abort',
  'receiveEnd',
  'break',
] as const

/** One step of an input: bytes that arrive, or an act. */
export type Step = Uint8Array | Act

/** What a machine is put through. */
export interface Input {
  readonly role: Role
  readonly options: Omit<Http2Options, 'timers'>
  /** True if content is consumed, and output taken, after every step. */
  readonly eager: boolean
  /** True if output is taken whenever there is some. */
  readonly prompt: boolean
  /** What the application does in the midst of its so manieth call. */
  readonly reactions: ReadonlyMap<number, Act>
  readonly steps: readonly Step[]
}
