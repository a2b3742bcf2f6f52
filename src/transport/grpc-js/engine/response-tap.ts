import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { addAbortSignal } from 'node:stream'

type OnTrailers = (headers: IncomingHttpHeaders, flags: number, fields: readonly string[]) => void

const END_STREAM = 1
const PATH_TO_STREAM = ['child', 'underlyingCalls', '0', 'call', 'child', 'http2Stream']

/** The HTTP/2 stream of a call, once it is open. grpc-js keeps it to itself. */
export function streamOf(call: object): ClientHttp2Stream | undefined {
  let inner: unknown = call
  for (const key of PATH_TO_STREAM) {
    if (typeof inner !== 'object' || inner === null) return undefined
    inner = Reflect.get(inner, key)
  }
  return typeof (inner as ClientHttp2Stream | undefined)?.prependOnceListener === 'function'
    ? (inner as ClientHttp2Stream)
    : undefined
}

/**
 * Listens to a response beside grpc-js, for what it does not pass on: repeated header values one by one, the message of
 * a status as it was written, the code of a reset. And it holds back a status that is an error until the messages
 * before it have been read, which grpc-js would drop.
 */
export class ResponseTap {
  /** Header fields as they arrived: names and values in turn. */
  headers: readonly string[] | undefined
  /** Trailer fields as they arrived, which are the header fields of a response that is nothing else. */
  trailers: readonly string[] | undefined
  readonly #stream: ClientHttp2Stream
  #release: (() => void) | undefined

  constructor(stream: ClientHttp2Stream) {
    this.#stream = stream
    stream.prependOnceListener('response', (_headers, flags: number, fields?: readonly string[]) => {
      if (flags & END_STREAM) this.trailers = fields
      else this.headers = fields
    })
    const handlers = stream.listeners('trailers') as OnTrailers[]
    stream.removeAllListeners('trailers')
    stream.once('trailers', (headers: IncomingHttpHeaders, flags: number, fields?: readonly string[]) => {
      this.trailers = fields
      this.#release = () => {
        this.#release = undefined
        for (const handle of handlers) handle(headers, flags, fields ?? [])
      }
      if (headers['grpc-status'] === '0' || stream.readableEnded) this.#release()
    })
    stream.once('end', () => this.#release?.())
    stream.once('close', () => this.#release?.())
  }

  /** The code that the stream was reset with; 0 if it was not. */
  get resetCode(): number {
    return this.#stream.rstCode ?? 0
  }

  /** Keeps the response from coming in before anybody asks for it, as grpc-js would let it. */
  pause(): void {
    this.#stream.pause()
  }

  /**
   * Cancels the stream. grpc-js would let Node end the request first, and a server that sees that end takes what it got
   * for the whole request.
   */
  cancel(): void {
    if (!this.#stream.writableEnded) addAbortSignal(AbortSignal.abort(), this.#stream)
  }
}
