import type { Readable } from 'node:stream'
import { type HeaderList, HttpRefusal } from '../../error.js'
import { bodyStream } from '../../serve/body.js'
import type { BrowserRequest, CallHost, CallProtocol } from '../call-protocol.js'
import { checkHeaders, fits, metadataFields } from '../metadata.js'
import { ResponseWriter } from '../response-writer.js'
import {
  Code,
  type Context,
  compressionKey,
  gzipMessage,
  type Message,
  type Method,
  RpcError,
  untilCancelled,
  wasCompressedKey,
  writeFrame,
} from '../rpc.js'
import type { FramedWire } from './framed-wire.js'
import { readFrames } from './request-frames.js'

const NO_FIELDS: HeaderList = []

/** Carries a call in frames: gRPC-Web, and the streams of Connect. */
export class FramedProtocol implements CallProtocol {
  readonly #host: CallHost
  readonly #call: BrowserRequest
  readonly #wire: FramedWire
  readonly #writer: ResponseWriter
  #body: Readable | undefined

  constructor(host: CallHost, call: BrowserRequest, wire: FramedWire) {
    this.#host = host
    this.#call = call
    this.#wire = wire
    this.#writer = new ResponseWriter(host, call)
  }

  accept(method: Method): number | undefined {
    return this.#wire.accept(method)
  }

  async message(context: Context): Promise<unknown> {
    let only: Message | undefined
    for await (const message of this.#frames()) {
      if (only) throw new RpcError(Code.UNIMPLEMENTED, 'more than one request message came')
      only = message
    }
    if (!only) throw new RpcError(Code.UNIMPLEMENTED, 'no request message came')
    return this.#decode(only, context)
  }

  async *messages(context: Context): AsyncGenerator<unknown> {
    const frames = this.#frames()
    try {
      // Whoever reads must hear of the end of the call, though nothing comes.
      const read = (): Promise<IteratorResult<Message>> => untilCancelled(context, () => frames.next())
      for (let next = await read(); !next.done; next = await read()) yield this.#decode(next.value, context)
    } catch (thrown) {
      // It is the call that fails, whatever its handler makes of that.
      const error = RpcError.from(thrown)
      context.cancel(error)
      throw context.cancelled ?? error
    } finally {
      // It may wait for a piece that never comes, and is not waited for.
      frames.return(undefined).catch(() => {})
    }
  }

  async answer(response: unknown, context: Context): Promise<void> {
    const frame = await this.#frame(response, context)
    const content = this.#text(Buffer.concat([frame, this.#wire.end(undefined, trailersOf(context))]))
    this.#start(context, [['Content-Length', String(content.length)]])
    this.#writer.end(content)
  }

  async answerAll(stream: AsyncIterable<unknown>, context: Context): Promise<void> {
    const { clock, heartbeatMs } = this.#host
    const responses = stream[Symbol.asyncIterator]()
    const stop = heartbeatMs > 0 ? clock.schedule(heartbeatMs, () => this.#startEarly(context)) : () => {}
    try {
      for (let next = await responses.next(); !next.done; next = await responses.next()) {
        const frame = this.#text(await this.#frame(next.value, context))
        if (!this.#writer.started) this.#start(context)
        await this.#writer.write(frame, context)
      }
      this.#end(undefined, context)
    } finally {
      stop()
      responses.return?.().catch(() => {})
    }
  }

  fail(error: RpcError, context: Context | undefined): void {
    if (this.#writer.over) return
    if (this.#writer.started) this.#end(error, context)
    else if (error instanceof HttpRefusal && (error.status === 405 || error.status === 415)) this.#refuse(error)
    else this.#endEarly(error, context)
  }

  leave(): void {
    const { request } = this.#call
    request.discard()
    if (this.#body && this.#body !== request.stream()) this.#body.destroy()
  }

  #frames(): AsyncGenerator<Message> {
    this.#body = bodyStream(this.#call.request)
    return readFrames(this.#body, this.#wire.reading)
  }

  #decode({ bytes, compressed }: Message, context: Context): unknown {
    if (compressed || context.get(wasCompressedKey)) context.set(wasCompressedKey, compressed)
    try {
      return this.#wire.format.decode(bytes, context.method.request)
    } catch (thrown) {
      throw this.#wire.reading.misfit(thrown)
    }
  }

  async #frame(response: unknown, context: Context): Promise<Buffer> {
    const bytes = this.#wire.format.encode(response, context.method.response)
    const compresses = this.#wire.acceptsGzip && (context.get(compressionKey) ?? this.#host.gzip)
    return writeFrame(compresses ? await gzipMessage(bytes) : { bytes, compressed: false })
  }

  #start(context: Context | undefined, more: HeaderList = NO_FIELDS): void {
    const own = context?.hasResponseHeaders ? metadataFields(context.responseHeaders) : NO_FIELDS
    checkHeaders(own)
    this.#send(context, [...more, ...own])
  }

  #startEarly(context: Context): void {
    if (this.#writer.started || this.#writer.over) return
    try {
      this.#start(context)
      this.#writer.flush()
    } catch (thrown) {
      context.cancel(RpcError.from(thrown))
    }
  }

  #send(context: Context | undefined, fields: HeaderList): void {
    const { acceptsGzip, exposed } = this.#wire
    const mayCompress = acceptsGzip && (this.#host.gzip || context?.get(compressionKey) !== undefined)
    const headers = [...this.#wire.head(mayCompress), ...fields]
    const own = fields.map(([name]) => name).filter((name) => name !== 'Content-Length')
    this.#writer.start({ status: 200, headers, exposed: [...new Set([...exposed, ...own])] })
  }

  #end(error: RpcError | undefined, context: Context | undefined): void {
    if (!this.#writer.started) this.#start(context)
    this.#writer.end(this.#text(this.#wire.end(error, trailersOf(context))))
  }

  /** Ends a response that has not begun: as its status alone, if nothing of the application goes with it. */
  #endEarly(error: RpcError, context: Context | undefined): void {
    const isPlain = !context?.hasResponseHeaders && !context?.hasResponseTrailers
    const status = isPlain ? this.#wire.statusOnly?.(error) : undefined
    if (status) {
      this.#send(context, [...status, ['Content-Length', '0']])
      this.#writer.end()
      return
    }
    const own = context?.hasResponseHeaders ? metadataFields(context.responseHeaders) : NO_FIELDS
    const content = this.#text(this.#wire.end(error, trailersOf(context)))
    this.#send(context, [['Content-Length', String(content.length)], ...(fits(own) ? own : NO_FIELDS)])
    this.#writer.end(content)
  }

  #refuse(error: HttpRefusal): void {
    const content = Buffer.from(this.#wire.refusal(error))
    const about: HeaderList = [
      ['Content-Type', 'application/json'],
      ['Content-Length', String(content.length)],
    ]
    this.#writer.start({ status: error.status, headers: [...about, ...error.headers], exposed: [] })
    this.#writer.end(content)
  }

  #text(bytes: Uint8Array): Uint8Array {
    if (!this.#wire.writesText) return bytes
    return Buffer.from(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64'), 'latin1')
  }
}

function trailersOf(context: Context | undefined): HeaderList {
  return context?.hasResponseTrailers ? metadataFields(context.responseTrailers) : NO_FIELDS
}
