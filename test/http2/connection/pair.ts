import { ClientConnection } from '../../../src/http2/connection/client-connection.js'
import { ServerConnection } from '../../../src/http2/connection/server-connection.js'
import type {
  ConnectionListener,
  Fields,
  HeaderBlock,
  Http2Connection,
  Http2Stream,
  StreamEnd,
  StreamListener,
} from '../../../src/http2/http2.js'
import type { Http2Options } from '../../../src/http2/options.js'
import { FakeTimers } from '../peer/fake-timers.js'

export const requestFields = [':method', 'POST', ':scheme', 'http', ':path', '/echo', ':authority', 'test']
export const responseFields = [':status', '200', 'content-type', 'text/plain']

/** What arrived on a stream. */
export class Arrived implements StreamListener {
  readonly blocks: Fields[] = []
  readonly bytes: Uint8Array[] = []
  stream: Http2Stream | undefined
  trailers: Fields | undefined
  end: StreamEnd | undefined
  complete = false
  drains = 0
  /** False to leave content unconsumed. */
  consumes = true
  onComplete: () => void = () => {}
  drained: () => void = () => {}

  get text(): string {
    return Buffer.concat(this.bytes).toString('latin1')
  }

  get size(): number {
    return this.bytes.reduce((sum, { length }) => sum + length, 0)
  }

  onHeaders({ fields }: HeaderBlock, endStream: boolean): void {
    this.blocks.push(fields)
    if (endStream) this.#finish()
  }

  onData(bytes: Uint8Array, endStream: boolean): void {
    this.bytes.push(bytes)
    if (this.consumes) this.stream?.consume(bytes.length)
    if (endStream) this.#finish()
  }

  onTrailers({ fields }: HeaderBlock): void {
    this.trailers = fields
    this.#finish()
  }

  onEnd(end: StreamEnd): void {
    this.end = end
  }

  onDrain(): void {
    this.drains += 1
    this.drained()
  }

  #finish(): void {
    this.complete = true
    this.onComplete()
  }
}

/** What a connection said of itself. */
export class Side implements ConnectionListener {
  readonly streams: Arrived[] = []
  readonly said: string[] = []
  error: Error | undefined
  serve: (arrived: Arrived, stream: Http2Stream) => void = () => {}

  onStream(stream: Http2Stream, { fields }: HeaderBlock, endStream: boolean): StreamListener {
    const arrived = new Arrived()
    arrived.stream = stream
    arrived.blocks.push(fields)
    arrived.complete = endStream
    this.streams.push(arrived)
    this.serve(arrived, stream)
    return arrived
  }

  onOutput(): void {}
  onReady(): void {
    this.said.push('ready')
  }
  onCapacity(): void {
    this.said.push('capacity')
  }
  onGoaway(code: number, debug: string): void {
    this.said.push(`goaway ${code} ${debug}`.trim())
  }
  onIdle(): void {
    this.said.push('idle')
  }
  onBreach(limit: string): void {
    this.said.push(`breach ${limit}`)
  }
  onClose(error: Error | undefined): void {
    this.error = error
    this.said.push(error === undefined ? 'close' : `close: ${error.message}`)
  }
}

/** Cuts bytes into parts; the same parts each time. */
export type Cut = (bytes: Uint8Array) => readonly Uint8Array[]

/** Parts of 1 to `most` bytes, as a small generator of numbers wills. */
export function cutUpTo(most: number): Cut {
  let seed = 7
  return (bytes) => {
    const parts: Uint8Array[] = []
    for (let at = 0; at < bytes.length; ) {
      seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648
      const next = Math.min(bytes.length, at + 1 + (seed % most))
      parts.push(bytes.slice(at, next))
      at = next
    }
    return parts
  }
}

interface PairOptions {
  readonly client?: Partial<Http2Options>
  readonly server?: Partial<Http2Options>
  readonly cut?: Cut
}

/** A client and a server that are connected by memory. Bytes move when `run` or `step` says so. */
export class Pair {
  readonly timers = new FakeTimers()
  readonly clientSide = new Side()
  readonly serverSide = new Side()
  readonly client: ClientConnection
  readonly server: ServerConnection
  readonly #cut: Cut

  constructor({ client, server, cut = (bytes) => [bytes] }: PairOptions = {}) {
    this.#cut = cut
    this.client = new ClientConnection(this.clientSide, { timers: this.timers, ...client })
    this.server = new ServerConnection(this.serverSide, { timers: this.timers, ...server })
  }

  /** Opens a stream. */
  ask(endStream = true, fields: Fields = requestFields): Arrived {
    const arrived = new Arrived()
    arrived.stream = this.client.request(fields, undefined, endStream, arrived)
    return arrived
  }

  /** Moves bytes both ways until there are none. */
  run(): void {
    while (this.step() > 0);
  }

  /** Moves what there is, once each way; returns how many bytes that were. */
  step(): number {
    return this.move(this.client, this.server) + this.move(this.server, this.client)
  }

  /** Moves the output of one to the other. */
  move(from: Http2Connection, to: Http2Connection): number {
    let moved = 0
    for (const chunk of from.takeOutput()) {
      moved += chunk.length
      for (const part of this.#cut(chunk)) to.receive(part)
    }
    return moved
  }
}

/** Sends content in pieces, each as soon as there is room. */
export function sendAll(stream: Http2Stream, arrived: Arrived, pieces: readonly Uint8Array[]): void {
  let next = 0
  const more = (): void => {
    while (next < pieces.length && stream.writable) {
      const piece = pieces[next++] as Uint8Array
      stream.sendPrefixed(0, piece, next === pieces.length)
    }
  }
  arrived.drained = more
  more()
}
