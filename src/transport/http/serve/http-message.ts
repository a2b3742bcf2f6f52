import type { IncomingHttpHeaders } from 'node:http'
import type { Socket } from 'node:net'
import type { Readable } from 'node:stream'

/** Takes a body, or why there is none. Called once. */
export type TakeBody = (error: Error | undefined, body: Buffer) => void

/** What serving a call needs of its request, whatever HTTP it came over. */
export interface HttpRequest {
  readonly httpVersionMajor: number
  readonly method?: string | undefined
  /** Path and query. */
  readonly url?: string | undefined
  readonly headers: IncomingHttpHeaders
  /** Names and values in turn. */
  readonly rawHeaders: readonly string[]
  /** The connection; of HTTP/2 other requests may be on it. */
  readonly socket: Socket
  /** True if there is a body, which may turn out to be empty. */
  readonly hasBody: boolean
  /** True once the whole of the request arrived. */
  readonly complete: boolean
  /** Grows with whatever moves between client and server, either way. */
  readonly moved: number
  /**
   * Takes the whole body, of at most `limit` bytes; one that is longer fails at once, with 413. Of one that breaks off
   * nothing is heard. To be called before anything of the body is read.
   */
  collect(limit: number, take: TakeBody): void
  /** The body, bit by bit, as fast as it is read. */
  stream(): Readable
  /** What is left of the body is not wanted. */
  discard(): void
}

/** What serving a call needs of its response. What node:http makes is one. */
export interface HttpResponse {
  readonly req: Pick<HttpRequest, 'headers' | 'complete'>
  /** HTTP/1.1: false closes the connection behind the response. */
  shouldKeepAlive: boolean
  readonly headersSent: boolean
  /** True once no more is to be written. */
  readonly writableEnded: boolean
  /** True once the whole of it was handed on. */
  readonly writableFinished: boolean
  /** True while `drain` is to be waited for. */
  readonly writableNeedDrain: boolean
  /** What waits to be handed on, in bytes. */
  readonly writableLength: number
  /** True once the client cannot be reached any more. */
  readonly destroyed: boolean
  writeContinue(): void
  setHeader(name: string, value: string): unknown
  /** Adds a value to those that a header has. */
  appendHeader(name: string, value: string): unknown
  /** Names and values in turn, beside those that were set. */
  writeHead(status: number, headers: string[]): unknown
  flushHeaders(): void
  /** False if the client does not keep up: `drain` tells when it does. Bytes must not change any more. */
  write(content: string | Uint8Array): boolean
  addTrailers(trailers: readonly [string, string][]): void
  end(content?: string | Uint8Array): unknown
  destroy(): unknown
  on(event: 'close' | 'drain', listener: () => void): this
  once(event: 'close', listener: () => void): this
  off(event: 'close' | 'drain', listener: () => void): this
  /** Tells the client to come again over HTTP/1.1; only where that is not what it speaks. */
  requireHttp1?(): void
}
