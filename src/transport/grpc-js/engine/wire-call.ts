import type { OutgoingHttpHeaders, ServerHttp2Stream } from 'node:http2'
import { decompress, ENCODINGS } from '../../grpc-wire/compression.js'
import { FrameReader, type FrameRules, type Message, writeFrame } from '../../grpc-wire/frame/frame-reader.js'
import { framingError } from '../../grpc-wire/message-error.js'

/** Hears of what a caller sends. */
export interface CallListener {
  /** The message that was asked for. */
  onReceiveMessage(bytes: Uint8Array): void
  /** No more messages come; told when one was asked for. */
  onReceiveHalfClose(): void
  /** What came cannot be read. Told when it came, asked for or not. */
  onReceiveFault(thrown: unknown): void
  /** The stream has closed, be it as it should or not. */
  onCancel(): void
}

const CONTENT_TYPE = 'application/grpc+proto'
const WAIT = { waitForTrailers: true }

const ignore = (): void => {}

/**
 * The messages of one call on its HTTP/2 stream, one at a time as they are asked for. It does what grpc-js does in this
 * place, with fewer turns of the event loop: see `docs/decisions/0005-performance-of-the-grpc-js-engine.md`.
 */
export class WireCall {
  readonly #stream: ServerHttp2Stream
  readonly #rules: FrameRules
  readonly #frames: FrameReader
  /** Messages that came before they were asked for. */
  readonly #queue: Message[] = []
  /** Nothing once the stream has closed: Node keeps it, and all that hangs on it, for long after that. */
  #listener: CallListener | undefined
  #wanted = false
  #decompressing = false
  #halfClosed = false
  #responded = false
  #over = false

  constructor(stream: ServerHttp2Stream, rules: FrameRules) {
    this.#stream = stream
    this.#rules = rules
    this.#frames = new FrameReader(rules)
  }

  /** Listens to the stream. */
  start(listener: CallListener): void {
    const stream = this.#stream
    this.#listener = listener
    // After an error the stream closes, which says enough.
    stream.on('error', ignore)
    stream.once('close', () => this.#close())
    stream.once('end', () => {
      this.#halfClosed = true
      this.#deliver()
    })
    stream.on('data', (chunk: Buffer) => this.#take(chunk))
  }

  /** Asks for one more message. */
  startRead(): void {
    this.#wanted = true
    this.#deliver()
  }

  /** Sends headers, those of gRPC and these; the first message sends them otherwise. */
  sendHeaders(headers?: OutgoingHttpHeaders): void {
    if (this.#gone || this.#responded) return
    this.#responded = true
    this.#stream.respond(withHeaders(headers), WAIT)
  }

  sendMessage(message: Message): void {
    if (this.#gone) return
    this.sendHeaders()
    this.#stream.write(writeFrame(message))
  }

  /** Ends the call: with trailers, or with those alone if there were no headers. */
  sendTrailers(trailers: OutgoingHttpHeaders): void {
    if (this.#gone) return
    const stream = this.#stream
    this.#over = true
    if (this.#responded) {
      stream.once('wantTrailers', () => stream.sendTrailers(trailers))
      stream.end()
    } else {
      stream.respond({ ':status': 200, 'content-type': CONTENT_TYPE, ...trailers }, { endStream: true })
    }
    // What is still to come is dropped: unread, it would hold up the connection.
    if (!this.#halfClosed) stream.resume()
  }

  get #gone(): boolean {
    return this.#over || this.#stream.destroyed || this.#stream.closed
  }

  #take(chunk: Buffer): void {
    if (this.#over) return
    const fault = this.#frames.read(chunk, this.#queue)
    if (fault) this.#listener?.onReceiveFault(framingError(fault, this.#rules.maxBytes))
    this.#deliver()
    if (this.#queue.length > 0 && !this.#over) this.#stream.pause()
  }

  #deliver(): void {
    if (!this.#wanted || this.#decompressing || this.#over) return
    const frame = this.#queue.shift()
    if (frame?.compressed) {
      void this.#decompress(frame)
    } else if (frame) {
      this.#wanted = false
      this.#listener?.onReceiveMessage(frame.bytes)
    } else if (this.#halfClosed) {
      this.#wanted = false
      this.#finishReading()
    } else if (this.#stream.isPaused()) {
      this.#stream.resume()
    }
  }

  #finishReading(): void {
    // A reset ends the stream as well, and that is seen first.
    if (this.#stream.aborted) this.#close()
    else if (this.#frames.atBoundary) this.#listener?.onReceiveHalfClose()
    else this.#listener?.onReceiveFault(framingError('truncated', this.#rules.maxBytes))
  }

  #close(): void {
    const listener = this.#listener
    this.#listener = undefined
    listener?.onCancel()
  }

  async #decompress({ bytes }: Message): Promise<void> {
    this.#decompressing = true
    try {
      const message = await decompress(bytes, this.#rules)
      this.#decompressing = false
      this.#wanted = false
      if (!this.#over) this.#listener?.onReceiveMessage(message)
    } catch (thrown) {
      if (!this.#over) this.#listener?.onReceiveFault(thrown)
    }
  }
}

/** A literal, since V8 takes far longer to spread a constant. */
function withHeaders(headers: OutgoingHttpHeaders | undefined): OutgoingHttpHeaders {
  return {
    ':status': 200,
    'content-type': CONTENT_TYPE,
    'grpc-accept-encoding': ENCODINGS,
    'grpc-encoding': 'identity',
    ...headers,
  }
}
