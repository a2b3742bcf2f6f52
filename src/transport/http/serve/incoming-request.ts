import { IncomingMessage } from 'node:http'
import { Readable } from 'node:stream'
import { BodyCollector } from './body-collector.js'
import type { HttpRequest, TakeBody } from './http-message.js'

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

  #collector: BodyCollector | undefined
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

  get moved(): number {
    const { bytesRead, bytesWritten } = this.socket
    return bytesRead + bytesWritten
  }

  stream(): Readable {
    return this
  }

  discard(): void {
    this.unpipe().resume()
  }

  collect(limit: number, take: TakeBody): void {
    this.#collector = new BodyCollector(limit, take)
    this._read(0)
  }

  override push(chunk: Buffer | null, encoding?: BufferEncoding): boolean {
    const collector = this.#collector
    if (!collector) return this.#collected || super.push(chunk, encoding)
    if (chunk !== null) collector.add(chunk)
    else {
      this.#collector = undefined
      this.#collected = true
      collector.end()
    }
    return true
  }
}
