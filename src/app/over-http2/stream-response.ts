import { EventEmitter } from 'node:events'
import { ErrorCode } from '../../http2/error-code.js'
import type { Fields, Http2Stream } from '../../http2/http2.js'
import type { ErrorReply } from '../../transport/http/error.js'
import type { HttpRequest, HttpResponse } from '../../transport/http/serve/http-message.js'
import { JSON_TYPE } from '../../transport/http/wire/media-type.js'
import { httpDate } from './http-date.js'

const NO_BYTES = Buffer.alloc(0)
const NO_FIELDS: Fields = []
const GO_ON: Fields = [':status', '100']
/** Arrays that are sent stay the same objects: HTTP/2 encodes each once. */
const SUCCESS: Fields = [':status', '200', 'content-type', JSON_TYPE]

/** A response that leaves over HTTP/2. What is queued behind its end is looked after by the connection. */
export class StreamResponse extends EventEmitter implements HttpResponse {
  readonly req: HttpRequest
  /** Means nothing here. */
  shouldKeepAlive = true
  headersSent = false
  writableEnded = false
  destroyed = false
  readonly writableLength = 0
  readonly #stream: Http2Stream
  readonly #hasBody: boolean
  readonly #onSend: () => void
  /** Names and values in turn, for when the head is sent. */
  readonly #fields: string[] = []
  #status = 200
  #trailers: Fields | undefined
  #closed = false

  /** `onSend` is called for whatever is sent. */
  constructor(stream: Http2Stream, request: HttpRequest, onSend: () => void) {
    super()
    this.#onSend = onSend
    this.req = request
    this.#stream = stream
    this.#hasBody = request.method !== 'HEAD'
  }

  get writableFinished(): boolean {
    return this.writableEnded
  }

  get writableNeedDrain(): boolean {
    return !this.writableEnded && !this.destroyed && !this.#stream.writable
  }

  writeContinue(): void {
    this.#stream.sendHeaders(GO_ON, undefined, false)
  }

  setHeader(name: string, value: string): void {
    this.#fields.push(name.toLowerCase(), value)
  }

  appendHeader(name: string, value: string): void {
    this.setHeader(name, value)
  }

  writeHead(status: number, headers: string[]): void {
    this.#status = status
    for (let at = 0; at + 1 < headers.length; at += 2) this.setHeader(headers[at] ?? '', headers[at + 1] ?? '')
  }

  flushHeaders(): void {
    if (!this.headersSent) this.#sendHead(false)
  }

  write(content: string | Uint8Array): boolean {
    if (this.writableEnded || this.destroyed) return true
    this.flushHeaders()
    this.#onSend()
    if (this.#hasBody) this.#stream.sendData(bytesOf(content), false)
    return this.#stream.writable
  }

  addTrailers(trailers: readonly [string, string][]): void {
    this.#trailers = trailers.flatMap(([name, value]) => [name.toLowerCase(), value])
  }

  end(content: string | Uint8Array = NO_BYTES): void {
    if (this.writableEnded || this.destroyed) return
    this.writableEnded = true
    const body = this.#hasBody ? bytesOf(content) : NO_BYTES
    this.#sendEnd(body, this.#hasBody ? this.#trailers : undefined)
    this.#close()
  }

  destroy(): void {
    this.#abort(ErrorCode.CANCEL)
  }

  requireHttp1(): void {
    this.#abort(ErrorCode.HTTP_1_1_REQUIRED)
  }

  /** Answers in place of the call, if nothing of its own answer has left, and ends the call. */
  cutOff({ status, headers, type, body }: ErrorReply): void {
    if (this.headersSent) this.destroy()
    if (this.destroyed || this.writableEnded) return
    this.#fields.length = 0
    this.writeHead(status, ['Content-Type', type, ...headers.flat()])
    this.#sendEnd(Buffer.from(body), undefined)
    this.gone()
  }

  /** The client cannot be reached any more. */
  gone(): void {
    if (!this.#closed) this.destroyed = true
    this.#close()
  }

  #abort(code: ErrorCode): void {
    if (this.#closed) return
    this.destroyed = true
    this.#stream.reset(code)
    this.#close()
  }

  #sendHead(endStream: boolean): void {
    this.headersSent = true
    this.#onSend()
    const fields = this.#fields
    const plain = this.#status === 200 && fields[0] === 'content-type' && fields[1] === JSON_TYPE
    const constant = plain ? SUCCESS : NO_FIELDS
    const varying = plain ? fields.slice(2) : [':status', String(this.#status), ...fields]
    varying.push('date', httpDate())
    this.#stream.sendHeaders(constant, varying, endStream)
  }

  #sendEnd(body: Uint8Array, trailers: Fields | undefined): void {
    const stream = this.#stream
    const nothingMore = trailers === undefined && body.length === 0
    if (!this.headersSent) {
      this.#sendHead(nothingMore)
      if (nothingMore) return
    }
    if (body.length > 0 || trailers === undefined) stream.sendData(body, trailers === undefined)
    if (trailers !== undefined) stream.sendHeaders(NO_FIELDS, trailers, true)
  }

  #close(): void {
    if (this.#closed) return
    this.#closed = true
    this.emit('close')
  }
}

function bytesOf(content: string | Uint8Array): Uint8Array {
  return typeof content === 'string' ? Buffer.from(content) : content
}
