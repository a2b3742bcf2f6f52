import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { Http2Stream } from '../../../http2/http2.js'
import type { HttpRequest, TakeBody } from '../serve/http-message.js'
import { BodyCollector } from './body-collector.js'
import type { RequestHead } from './request-head.js'

/** Where the content of a request goes: it is collected, read bit by bit, or dropped. */
interface Sink {
  add(bytes: Buffer): void
  end(): void
}

const nowhere: Sink = { add: () => {}, end: () => {} }

/** A request that came over HTTP/2. */
export class StreamRequest implements HttpRequest {
  readonly httpVersionMajor = 2
  readonly socket: Socket
  complete: boolean
  hasBody: boolean
  readonly #head: RequestHead
  readonly #stream: Http2Stream
  #sink = nowhere
  #body: Readable | undefined
  /** Content that was handed to a reader who has not asked for more since, in bytes. */
  #unread = 0

  constructor(stream: Http2Stream, head: RequestHead, { socket, complete }: { socket: Socket; complete: boolean }) {
    this.socket = socket
    this.complete = complete
    this.hasBody = !complete && head.headers['content-length'] !== '0'
    this.#head = head
    this.#stream = stream
  }

  get method(): string {
    return this.#head.method
  }

  get url(): string {
    return this.#head.url
  }

  get headers(): IncomingHttpHeaders {
    return this.#head.headers
  }

  get rawHeaders(): readonly string[] {
    return this.#head.rawHeaders
  }

  collect(limit: number, take: TakeBody): void {
    this.#sink = new BodyCollector(limit, take)
    if (this.complete) this.#sink.end()
  }

  stream(): Readable {
    const body = new Readable({ read: () => this.#readOn() })
    this.#body = body
    this.#sink = { add: (bytes) => this.#hand(bytes, body), end: () => void body.push(null) }
    if (this.complete) this.#sink.end()
    return body
  }

  discard(): void {
    this.#sink = nowhere
    this.#body = undefined
    this.#readOn()
  }

  /** Content arrived. */
  add(bytes: Uint8Array): void {
    // What is read bit by bit gives way to more only when it was read.
    if (this.#body === undefined) this.#stream.consume(bytes.length)
    this.#sink.add(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length))
  }

  /** All of it arrived. */
  end(): void {
    this.complete = true
    this.#sink.end()
  }

  /** The rest of it will not arrive. */
  breakOff(): void {
    if (!this.complete) this.#body?.destroy(new Error('the request broke off'))
  }

  #hand(bytes: Buffer, body: Readable): void {
    this.#unread += bytes.length
    if (body.push(bytes)) this.#readOn()
  }

  #readOn(): void {
    const bytes = this.#unread
    this.#unread = 0
    this.#stream.consume(bytes)
  }
}
