import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import type { RpcError } from '../../../error/rpc-error.js'
import { decompress, framingError } from '../wire.js'
import { type Frame, FrameReader, writeFrame } from './frame-reader.js'

/** Hears of what a caller sends. */
export interface CallListener {
  /** The message that was asked for. */
  onMessage(bytes: Uint8Array): void
  /** The end that was asked for: no more messages come. */
  onHalfClose(): void
  /** What came cannot be read. */
  onFault(error: RpcError): void
  /** The stream has closed, be it as it should or not. */
  onClose(): void
}

/** How the messages of a call are read. */
export interface ReadRules {
  readonly maxReceiveBytes: number
  /** What compressed messages are compressed with; `undefined` if none may be. */
  readonly encoding: string | undefined
}

/** A response message, as it is sent. */
export interface OutgoingMessage {
  readonly bytes: Uint8Array
  readonly compressed: boolean
}

const CONTENT = { ':status': 200, 'content-type': 'application/grpc+proto' }
const RESPONSE = { ...CONTENT, 'grpc-accept-encoding': 'identity,deflate,gzip', 'grpc-encoding': 'identity' }
const WAITING = { waitForTrailers: true }

const ignore = (): void => {}

/**
 * The messages of one call on its HTTP/2 stream. It stands in for grpc-js's own, which takes several turns of the event
 * loop more for each call.
 */
export class StreamCall {
  readonly #stream: ServerHttp2Stream
  readonly #rules: ReadRules
  readonly #frames: FrameReader
  readonly #listener: CallListener
  /** Messages that came before they were asked for. */
  readonly #queue: Frame[] = []
  #wanted = false
  #decompressing = false
  #halfClosed = false
  #responded = false
  #ended = false

  constructor(stream: ServerHttp2Stream, rules: ReadRules, listener: CallListener) {
    this.#stream = stream
    this.#rules = rules
    this.#frames = new FrameReader(rules.maxReceiveBytes, rules.encoding !== undefined)
    this.#listener = listener
    // An error is followed by the close, which says enough.
    stream.on('error', ignore)
    stream.once('close', () => listener.onClose())
    stream.once('end', () => {
      this.#halfClosed = true
      this.#deliver()
    })
    stream.on('data', (chunk: Buffer) => this.#take(chunk))
  }

  /** Asks for one more message: `onMessage`, `onHalfClose` or `onFault` answers. */
  read(): void {
    this.#wanted = true
    this.#deliver()
  }

  /** Sends headers, once, before the first message. */
  respond(headers: OutgoingHttpHeaders): void {
    if (this.#gone) return
    this.#responded = true
    this.#stream.respond({ ...RESPONSE, ...headers }, WAITING)
  }

  /** Sends a message. */
  send(message: OutgoingMessage): void {
    if (!this.#gone) this.#stream.write(writeFrame(message))
  }

  /** Ends the call with a last message, if there is one, and trailers, which stand alone without headers. */
  end(trailers: OutgoingHttpHeaders, last?: OutgoingMessage): void {
    const stream = this.#stream
    if (this.#gone) return
    this.#ended = true
    if (this.#responded) {
      stream.once('wantTrailers', () => stream.sendTrailers(trailers))
      stream.end(last && writeFrame(last))
    } else {
      stream.respond({ ...trailers, ...CONTENT }, { endStream: true })
    }
    // What is still to come is dropped: unread, it would hold up the connection.
    if (!this.#halfClosed) stream.resume()
  }

  get #gone(): boolean {
    return this.#ended || this.#stream.destroyed || this.#stream.closed
  }

  #take(chunk: Buffer): void {
    if (this.#ended) return
    const fault = this.#frames.read(chunk, this.#queue)
    if (fault) {
      this.#listener.onFault(framingError(fault, this.#rules.maxReceiveBytes))
      return
    }
    this.#deliver()
    if (this.#queue.length > 0) this.#stream.pause()
  }

  #deliver(): void {
    if (!this.#wanted || this.#decompressing || this.#ended) return
    const frame = this.#queue.shift()
    if (frame?.compressed) {
      void this.#decompress(frame)
    } else if (frame) {
      this.#wanted = false
      this.#listener.onMessage(frame.bytes)
    } else if (this.#halfClosed) {
      this.#wanted = false
      this.#finishReading()
    } else if (this.#stream.isPaused()) {
      this.#stream.resume()
    }
  }

  #finishReading(): void {
    if (this.#frames.atBoundary) this.#listener.onHalfClose()
    else this.#listener.onFault(framingError('truncated', this.#rules.maxReceiveBytes))
  }

  async #decompress({ bytes }: Frame): Promise<void> {
    const { encoding, maxReceiveBytes } = this.#rules
    this.#decompressing = true
    const result = await decompress(bytes, encoding, maxReceiveBytes)
    this.#decompressing = false
    if (this.#ended) return
    if ('error' in result) {
      this.#listener.onFault(result.error)
      return
    }
    this.#wanted = false
    this.#listener.onMessage(result.bytes)
    this.#deliver()
  }
}
