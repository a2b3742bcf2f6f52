import { Duplex, PassThrough } from 'node:stream'
import { Metadata, type ServerDuplexStream } from '@grpc/grpc-js'

/** A call as grpc-js gives it to any streaming handler. */
export type StreamCall = ServerDuplexStream<unknown, unknown> & { readonly request?: unknown }

/** Where a streaming handler's calls go instead of to grpc-js. */
export interface HandlerStreamInit {
  readonly call: StreamCall
  /** What the handler reads; nothing if its request is a single message. */
  readonly requests: AsyncIterable<unknown> | undefined
  /** The single request. */
  readonly request: unknown
  /** The handler ended its responses with this metadata. */
  trailers(metadata: Metadata): void
}

type Done = (error?: Error | null) => void

/**
 * A call as a streaming handler knows it, between which and grpc-js there is room for middleware: it reads from any
 * source, and what the handler writes is a stream to read.
 */
export class HandlerStream extends Duplex {
  cancelled = false
  readonly metadata: Metadata
  readonly request: unknown
  /** What the handler writes; fails with what it fails with. */
  readonly responses: AsyncIterable<unknown>
  readonly #init: HandlerStreamInit
  readonly #out = new PassThrough({ objectMode: true })
  readonly #source: AsyncIterator<unknown> | undefined

  constructor(init: HandlerStreamInit) {
    super({ objectMode: true })
    this.#init = init
    this.#source = init.requests?.[Symbol.asyncIterator]()
    this.metadata = init.call.metadata
    this.request = init.request
    this.responses = this.#out
    // Somebody may not be reading the responses yet, or not any more: to fail is not to crash.
    this.#out.on('error', () => {})
    this.on('error', (error) => this.fail(error))
  }

  getPeer = (): string => this.#init.call.getPeer()
  getDeadline = (): Date | number => this.#init.call.getDeadline()
  getPath = (): string => this.#init.call.getPath()
  getHost = (): string => this.#init.call.getHost()
  getAuthContext = (): ReturnType<StreamCall['getAuthContext']> => this.#init.call.getAuthContext()
  getMetricsRecorder = (): ReturnType<StreamCall['getMetricsRecorder']> => this.#init.call.getMetricsRecorder()
  sendMetadata = (metadata: Metadata): void => this.#init.call.sendMetadata(metadata)

  /** Ends the responses with an error. */
  fail(thrown: unknown): void {
    this.#out.destroy((thrown ?? new Error('a handler threw nothing')) as Error)
  }

  /** Tells the handler that nobody waits for it any more. */
  cancel(): void {
    this.cancelled = true
    this.emit('cancelled', 'cancelled')
    this.#out.destroy()
    this.destroy()
  }

  /** What comes after the end is dropped: the end has decided how the call went. */
  override write(message: unknown, ...rest: unknown[]): boolean {
    if (this.writableEnded) return false
    const done = rest.find((part): part is Done => typeof part === 'function')
    return super.write(message, done)
  }

  override end(metadata?: unknown): this {
    if (metadata instanceof Metadata) this.#init.trailers(metadata)
    return super.end()
  }

  override _read(): void {
    if (this.#source) void this.#readFrom(this.#source)
    else this.push(null)
  }

  override _write(message: unknown, _encoding: BufferEncoding, done: Done): void {
    this.#out.write(message, done)
  }

  override _final(done: Done): void {
    this.#out.end()
    done()
  }

  async #readFrom(source: AsyncIterator<unknown>): Promise<void> {
    try {
      const { done, value } = await source.next()
      this.push(done ? null : value)
    } catch (thrown) {
      this.fail(thrown)
      this.destroy()
    }
  }
}
