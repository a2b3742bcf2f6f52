import { type Clock, systemClock } from '../../resilience/clock.js'
import type { Channel, Server } from '../transport.js'
import { InprocChannel } from './client.js'
import { InprocServer } from './server.js'

/** How calls travel within the process. */
export interface InprocOptions {
  /** Names the pair in its URL: `inproc://orders`. `local` by default. */
  readonly name?: string | undefined
  /**
   * Whether messages pass through their codecs, as over a wire, so that the two sides never share an object and get
   * exactly what would have arrived. True by default; false hands the very objects over.
   */
  readonly copy?: boolean | undefined
  /** The largest request message that the server accepts, in bytes, if they are copied; none by default. */
  readonly maxReceiveBytes?: number | undefined
  /** Times the drain. Calls run on the clock of their own context. */
  readonly clock?: Clock | undefined
}

/** A server and the one channel that leads to it. */
export interface Inproc {
  readonly server: Server
  readonly channel: Channel
}

/**
 * Makes a transport without sockets: the whole pipeline of a call within one process, for tests and for services that
 * live together. Metadata, deadline, cancellation and errors cross as they would over a wire, and nothing else does.
 */
export function createInproc(options: InprocOptions = {}): Inproc {
  const { name = 'local', copy = true, maxReceiveBytes = Number.POSITIVE_INFINITY, clock = systemClock } = options
  const url = `inproc://${name}`
  const server = new InprocServer({ url, clock, copy, maxReceiveBytes })
  return { server, channel: new InprocChannel(url, server) }
}
