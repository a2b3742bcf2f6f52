import { EventEmitter } from 'node:events'
import type { ClientHttp2Stream, IncomingHttpHeaders } from 'node:http2'
import { addAbortSignal } from 'node:stream'

type OnTrailers = (headers: IncomingHttpHeaders, flags: number, fields?: readonly string[]) => void
type OnClose = () => void

const END_STREAM = 1
/** The way from a call of grpc-js to the part of it that holds the HTTP/2 stream. */
const PATH = ['child', 'underlyingCalls', '0', 'call', 'child']

/**
 * Listens to a response beside grpc-js, for what it does not pass on: repeated header values one by one, the message of
 * a status as it was written, the code of a reset.
 *
 * It also holds a status that is an error back until the messages before it were read, which grpc-js would drop.
 */
export class ResponseTap {
  /** Header fields as they arrived: names and values in turn. */
  headers: readonly string[] | undefined
  /** Trailer fields as they arrived, which are the header fields of a response that is nothing else. */
  trailers: readonly string[] | undefined
  readonly #stream: ClientHttp2Stream
  readonly #owner: object
  #held: (() => void) | undefined

  private constructor(stream: ClientHttp2Stream, owner: object) {
    this.#stream = stream
    this.#owner = owner
    stream.prependOnceListener('response', (_headers, flags: number, fields?: readonly string[]) => {
      if (flags & END_STREAM) this.trailers = fields
      else this.headers = fields
    })
    const [pass] = stream.listeners('trailers') as OnTrailers[]
    stream.removeAllListeners('trailers')
    stream.once('trailers', (headers: IncomingHttpHeaders, flags: number, fields?: readonly string[]) => {
      this.trailers = fields
      if (headers['grpc-status'] === '0') pass?.(headers, flags, fields)
      else this.#hold(() => pass?.(headers, flags, fields))
    })
  }

  /** The tap of a call whose stream is open; nothing if it is not, or grpc-js keeps it elsewhere than it used to. */
  static of(call: object): ResponseTap | undefined {
    let owner: unknown = call
    for (const key of PATH) owner = owner instanceof Object ? Reflect.get(owner, key) : undefined
    if (!(owner instanceof Object)) return undefined
    const stream: unknown = Reflect.get(owner, 'http2Stream')
    return stream instanceof EventEmitter ? new ResponseTap(stream as ClientHttp2Stream, owner) : undefined
  }

  /** The code that the stream was reset with; 0 if it was not. */
  get resetCode(): number {
    return this.#stream.rstCode ?? 0
  }

  /** True while a status waits for messages to be read. */
  get holdsStatus(): boolean {
    return this.#held !== undefined
  }

  /** Keeps the response from coming in before anybody asks for it, as grpc-js would let it. */
  pause(): void {
    this.#stream.pause()
  }

  /** A message was brought to its reader. */
  delivered(): void {
    if (this.#stream.readableEnded || this.#stream.destroyed) this.#release()
  }

  /**
   * Cancels the stream. grpc-js would let Node end the request first, and a server that sees that end takes what it got
   * for the whole request.
   */
  cancel(): void {
    if (!this.#stream.writableEnded) addAbortSignal(AbortSignal.abort(), this.#stream)
  }

  #hold(pass: () => void): void {
    const stream = this.#stream
    this.#held = pass
    // To grpc-js a stream that closes before it has seen a status is broken.
    const onClose = (stream.listeners('close') as OnClose[]).at(-1)
    if (onClose) stream.removeListener('close', onClose)
    // A message may be on its way to its reader for the rest of this turn.
    const releaseLater = (): void => void setImmediate(() => this.#release())
    if (stream.readableEnded) releaseLater()
    else stream.once('end', releaseLater)
    stream.once('close', () => {
      if (!stream.readableEnded) this.#release()
    })
  }

  #release(): void {
    if (!this.#held) return
    const unread: unknown = Reflect.get(this.#owner, 'unpushedReadMessages')
    if (Array.isArray(unread) && unread.length > 0) return
    const pass = this.#held
    this.#held = undefined
    pass()
  }
}
