import type { RpcError } from '../../kernel.js'

/** What a reader takes frames from. */
export interface FrameSource {
  /** No more frames are wanted for now. */
  pause(): void
  resume(): void
}

type Taken = IteratorResult<Buffer, undefined>
const END: Taken = { done: true, value: undefined }

/** The messages that arrive on a socket, one by one, no faster than they are read. */
export class SocketReader implements AsyncIterableIterator<Buffer, undefined> {
  readonly #source: FrameSource
  readonly #queue: Buffer[] = []
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
    return this.#queue.length > 0
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
      if (this.#queue.length === 0) this.#source.resume()
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
    this.#source.resume()
    this.#waiting?.resolve(END)
    this.#waiting = undefined
    return Promise.resolve(END)
  }
}
