import type { RpcError } from '../../kernel.js'

/** What a reader takes frames from. */
export interface FrameSource {
  /** No more frames are wanted for now. */
  pause(): void
  resume(): void
}

type Taken = IteratorResult<Buffer, undefined>
const END: Taken = { done: true, value: undefined }

/**
 * What may wait to be read before no more is taken in, in bytes. Behind what is not taken in nothing is heard, not even that
 * the other side is gone, so that a few small messages must not be enough.
 */
const HIGH_WATER_BYTES = 64 * 1024
/** What even the smallest message takes. */
const LEAST_BYTES = 128

/** The messages that arrive on a socket, one by one, no faster than they are read. */
export class SocketReader implements AsyncIterableIterator<Buffer, undefined> {
  readonly #source: FrameSource
  readonly #queue: Buffer[] = []
  #queuedBytes = 0
  #paused = false
  #waiting: { resolve(taken: Taken): void; reject(error: RpcError): void } | undefined
  #error: RpcError | undefined
  #ended = false
  #left = false

  constructor(source: FrameSource) {
    this.#source = source
  }

  /** True once the client said that it has no more messages. */
  get ended(): boolean {
    return this.#ended
  }

  /** True while frames are held back, those of the protocol itself included. */
  get isFull(): boolean {
    return this.#paused
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  /** A message arrived. */
  push(message: Buffer): void {
    const waiting = this.#waiting
    if (this.#left) return
    this.#waiting = undefined
    if (waiting) {
      waiting.resolve({ done: false, value: message })
      return
    }
    this.#queue.push(message)
    this.#queuedBytes += weightOf(message)
    if (this.#paused || this.#queuedBytes <= HIGH_WATER_BYTES) return
    this.#paused = true
    this.#source.pause()
  }

  /** The last message arrived. */
  end(): void {
    this.#ended = true
    this.#waiting?.resolve(END)
    this.#waiting = undefined
  }

  /** There will be no more messages, which is not as it should be. */
  fail(error: RpcError): void {
    if (this.#ended) return
    this.#error = error
    this.#waiting?.reject(error)
    this.#waiting = undefined
  }

  next(): Promise<Taken> {
    const message = this.#queue.shift()
    if (message !== undefined) {
      this.#queuedBytes -= weightOf(message)
      this.#goOn()
      return Promise.resolve({ done: false, value: message })
    }
    if (this.#ended) return Promise.resolve(END)
    if (this.#error) return Promise.reject(this.#error)
    if (this.#left) return Promise.resolve(END)
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject }
    })
  }

  /** Nobody wants what still comes. */
  return(): Promise<Taken> {
    this.#left = true
    this.#queue.length = 0
    this.#queuedBytes = 0
    this.#goOn()
    this.#waiting?.resolve(END)
    this.#waiting = undefined
    return Promise.resolve(END)
  }
  #goOn(): void {
    if (!this.#paused || this.#queuedBytes > HIGH_WATER_BYTES) return
    this.#paused = false
    this.#source.resume()
  }
}

function weightOf({ length }: Buffer): number {
  return Math.max(LEAST_BYTES, length)
}
