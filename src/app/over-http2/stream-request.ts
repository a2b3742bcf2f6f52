import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { Http2Stream } from '../../http2/http2.js'
import { BodyCollector } from '../../transport/http/serve/body-collector.js'
import type { HttpRequest, TakeBody } from '../../transport/http/serve/http-message.js'
import type { RequestHead } from './request-head.js'

/** Where the content of a request goes: it is collected, or dropped. */
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
  moved = 0
  readonly #head: RequestHead
  readonly #stream: Http2Stream
  #sink: Sink | undefined
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
    const collector = new BodyCollector(limit, take)
    this.#sink = collector
    if (this.complete) collector.end()
  }

  stream(): Readable {
    this.#body ??= this.#open()
    return this.#body
  }

  discard(): void {
    this.#sink = nowhere
    this.#readOn()
  }

  /** Content arrived. */
  add(content: Uint8Array): void {
    const bytes = Buffer.from(content.buffer, content.byteOffset, content.length)
    this.moved += 1
    if (this.#sink === undefined) {
      this.#hand(bytes)
      return
    }
    this.#stream.consume(bytes.length)
    this.#sink.add(bytes)
  }

  /** All of it arrived. */
  end(): void {
    this.complete = true
    this.#sink?.end()
    this.#body?.push(null)
  }

  /** The rest of it will not arrive. */
  breakOff(): void {
    if (!this.complete) this.#body?.destroy(new Error('the request broke off'))
  }

  #open(): Readable {
    const body = new Readable({ read: () => this.#readOn() })
    // It may break off before anybody reads it.
    body.on('error', () => {})
    if (this.complete) body.push(null)
    return body
  }

  /** Keeps content for a reader, who may come later. The client gets room for more when it was read. */
  #hand(bytes: Buffer): void {
    this.#unread += bytes.length
    if (this.stream().push(bytes)) this.#readOn()
  }

  #readOn(): void {
    const bytes = this.#unread
    this.#unread = 0
    this.#stream.consume(bytes)
  }
}
