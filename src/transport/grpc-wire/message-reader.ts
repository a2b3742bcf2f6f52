import { RpcError } from '../../error/rpc-error.js'
import type { Http2Stream } from '../../http2/http2.js'
import { decompress } from '../grpc-wire/compression.js'
import { framingError } from '../grpc-wire/message-error.js'
import { FrameReader, type FrameRules, type Message } from './frame/frame-reader.js'

/** Takes what a `MessageReader` reads. */
export interface MessageListener {
  /** The message that was asked for. */
  onMessage(bytes: Uint8Array, compressed: boolean): void
  /** No more messages come; told when one was asked for. */
  onMessagesEnd(): void
  /** What came cannot be read. Told when it is looked at, asked for or not: a few messages ahead. */
  onMessageFault(error: RpcError): void
}

const PREFIX_BYTES = 5
/** So many messages are read ahead. */
const MOST_WAITING = 32

/** The message in bytes that are nothing but one message, uncompressed and of at most `maxBytes`. */
export function onlyMessage(bytes: Uint8Array, maxBytes: number): Uint8Array | undefined {
  if (bytes.length < PREFIX_BYTES || bytes[0] !== 0) return undefined
  const length = ((bytes[1] ?? 0) << 24) | ((bytes[2] ?? 0) << 16) | ((bytes[3] ?? 0) << 8) | (bytes[4] ?? 0)
  return length === bytes.length - PREFIX_BYTES && length <= maxBytes ? bytes.subarray(PREFIX_BYTES) : undefined
}

/**
 * The messages that arrive on a stream, one at a time as they are asked for. Content is given back to the window of the
 * stream when its message is read: a reader that is slow holds its sender up.
 */
export class MessageReader {
  readonly #stream: Http2Stream
  readonly #rules: FrameRules
  readonly #frames: FrameReader
  /** Messages that came before they were asked for. */
  readonly #queue: Message[] = []
  #listener: MessageListener | undefined
  #wanted = false
  #decompressing = false
  #ended = false
  /** Bytes that came and were not given back yet. */
  #held = 0

  constructor(stream: Http2Stream, rules: FrameRules, listener: MessageListener) {
    this.#stream = stream
    this.#rules = rules
    this.#frames = new FrameReader(rules, MOST_WAITING)
    this.#listener = listener
  }

  /** Asks for one more message. */
  read(): void {
    this.#wanted = true
    this.#deliver()
  }

  /** Takes content as it arrives. */
  take(bytes: Uint8Array, ended: boolean): void {
    this.#held += bytes.length
    this.#ended ||= ended
    if (!this.#listener) {
      this.#release(this.#held)
      return
    }
    const fault = this.#frames.read(bytes, this.#queue)
    if (fault) this.#fail(framingError(fault, this.#rules.maxBytes))
    else this.#deliver()
  }

  /** No more content comes. */
  end(): void {
    this.#ended = true
    this.#deliver()
  }

  /** Drops what came and what may still come. */
  close(): void {
    this.#listener = undefined
    this.#queue.length = 0
    this.#release(this.#held)
  }

  #deliver(): void {
    if (!this.#wanted || this.#decompressing || !this.#listener) return
    const fault = this.#queue.length === 0 ? this.#frames.readMore(this.#queue) : undefined
    const message = this.#queue.shift()
    if (message?.compressed) {
      void this.#decompress(message)
    } else if (message) {
      this.#pass(message.bytes, false, message.bytes.length)
    } else if (fault) {
      this.#fail(framingError(fault, this.#rules.maxBytes))
    } else if (!this.#ended) {
      // What is there is the beginning of the message that is wanted; the rest of it needs room.
      this.#release(this.#held)
    } else if (this.#frames.atBoundary) {
      this.#wanted = false
      this.#listener.onMessagesEnd()
    } else {
      this.#fail(framingError('truncated', this.#rules.maxBytes))
    }
  }

  #pass(bytes: Uint8Array, compressed: boolean, wireBytes: number): void {
    this.#wanted = false
    this.#release(Math.min(this.#held, wireBytes + PREFIX_BYTES))
    this.#listener?.onMessage(bytes, compressed)
  }

  async #decompress({ bytes }: Message): Promise<void> {
    this.#decompressing = true
    try {
      const message = await decompress(bytes, this.#rules)
      this.#decompressing = false
      this.#pass(message, true, bytes.length)
    } catch (thrown) {
      this.#fail(RpcError.from(thrown))
    }
  }

  #fail(error: RpcError): void {
    const listener = this.#listener
    this.close()
    listener?.onMessageFault(error)
  }

  #release(bytes: number): void {
    if (bytes === 0) return
    this.#held -= bytes
    this.#stream.consume(bytes)
  }
}
