import { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { tooLarge } from '../error.js'
import type { HttpRequest, TakeBody } from './http-message.js'

/** The body of a request that has none. */
export const NO_BODY: Buffer = Buffer.alloc(0)

interface Collection {
  readonly limit: number
  readonly take: TakeBody
  readonly chunks: Buffer[]
  size: number
}

/**
 * A request whose body can be collected as the parser finds it. As a stream it costs half of what a small call costs
 * altogether; it is one as long as `collect` is not called.
 */
export class IncomingRequest extends IncomingMessage implements HttpRequest {
  static {
    // Node lets go of a request that has ended, which as a stream a collected one never does.
    const inherited = Object.getOwnPropertyDescriptor(Readable.prototype, 'readableEnded')
    Object.defineProperty(IncomingRequest.prototype, 'readableEnded', {
      get(this: IncomingRequest) {
        return this.#collected || inherited?.get?.call(this)
      },
    })
    // Node hands a connection over for whatever it is asked to be upgraded to. Clients that ask for HTTP/2, bodies and
    // all, are content with an answer.
    Object.defineProperty(IncomingRequest.prototype, 'upgrade', {
      get(this: IncomingRequest) {
        return this.#upgrade && (this.method === 'CONNECT' || this.#asksForWebSocket)
      },
      set(this: IncomingRequest, upgrade: unknown) {
        // The first time is in the constructor of Node.
        if (#upgrade in this) this.#upgrade = upgrade
      },
    })
  }

  #collection: Collection | undefined
  #collected = false
  /** What the parser says. */
  #upgrade: unknown

  get #asksForWebSocket(): boolean {
    return this.method === 'GET' && this.headers.upgrade?.toLowerCase() === 'websocket'
  }

  get hasBody(): boolean {
    const { headers } = this
    const length = headers['content-length']
    return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
  }

  stream(): Readable {
    return this
  }

  discard(): void {
    this.unpipe().resume()
  }

  collect(limit: number, take: TakeBody): void {
    this.#collection = { limit, take, chunks: [], size: 0 }
    this._read(0)
  }

  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    const collection = this.#collection
    if (!collection) return this.#collected || super.push(chunk, encoding)
    if (chunk === null) this.#end(collection)
    else this.#add(collection, chunk)
    return true
  }

  #add(collection: Collection, chunk: Buffer): void {
    const within = collection.size <= collection.limit
    collection.size += chunk.length
    if (collection.size <= collection.limit) collection.chunks.push(chunk)
    else if (within) {
      collection.chunks.length = 0
      collection.take(overLimit(collection.limit), NO_BODY)
    }
  }

  #end({ size, limit, chunks, take }: Collection): void {
    this.#collection = undefined
    this.#collected = true
    if (size <= limit) take(undefined, chunks.length === 1 ? (chunks[0] ?? NO_BODY) : Buffer.concat(chunks))
  }
}

/** What is said of a body, or of a line of it, that is too long. */
export function overLimit(limit: number): Error {
  return tooLarge(413, `the request is longer than ${limit} bytes`)
}
