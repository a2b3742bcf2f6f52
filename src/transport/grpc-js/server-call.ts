import type { ServerHttp2Stream } from 'node:http2'
import type { ServerInterceptingCallInterface } from '@grpc/grpc-js'
import { toWellFormed } from '../../codec/protobuf/well-formed.js'
import { Context, type ContextInit } from '../../endpoint/context.js'
import { streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { type Binding, serve } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { FrameCheck } from './engine/frame-check.js'
import { MessageStream } from './engine/message-stream.js'
import { codecError, writeDetails } from './error.js'
import { OutgoingMetadata, writeFields } from './metadata.js'
import { asBuffer, checkSize, framingError, gzipMessage } from './wire.js'

/** What a call needs to know of its server and its request. */
export interface ServerCallInit {
  readonly binding: Binding
  readonly context: Omit<ContextInit, 'method' | 'side'>
  readonly stream: ServerHttp2Stream
  /** Whether requests may be compressed. */
  readonly compressed: boolean
  /** Whether responses are compressed. */
  readonly gzip: boolean
  readonly maxReceiveBytes: number
  readonly maxSendBytes: number
  /** Called once when the call has its status. */
  readonly ended: (call: ServerCall) => void
}

const ignore = (): void => {}

/** One call on a server: what grpc-js reads goes to the endpoint, what the endpoint gives goes to grpc-js. */
export class ServerCall {
  readonly #init: ServerCallInit
  readonly #call: ServerInterceptingCallInterface
  readonly #context: Context
  #request: Uint8Array | undefined
  #requests: MessageStream<unknown> | undefined
  #headersSent = false
  #ended = false

  constructor(init: ServerCallInit, call: ServerInterceptingCallInterface) {
    this.#init = init
    this.#call = call
    this.#context = new Context({ ...init.context, method: init.binding.method, side: 'server' })
  }

  /** Reads the request and runs the endpoint. */
  start(): void {
    const context = this.#context
    context.onCancel((reason) => this.#end(reason))
    if (context.remainingMs() === 0) this.cancel(new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed'))
    if (this.#ended) return
    this.#watchFrames()
    this.#call.start(this)
    if (!streamsRequests(context.method.kind)) {
      this.#call.startRead()
      return
    }
    this.#requests = new MessageStream({
      read: () => this.#call.startRead(),
      decode: (bytes) => this.#decode(bytes),
      left: ignore,
    })
    void this.#run(this.#requests)
  }

  /** Ends the call, for the caller and for the handler. */
  cancel(reason: RpcError): void {
    this.#context.cancel(reason)
  }

  onReceiveMetadata(): void {}

  onReceiveMessage(bytes: Uint8Array): void {
    if (this.#requests) {
      this.#requests.push(bytes)
    } else if (this.#request) {
      this.cancel(new RpcError(Code.UNIMPLEMENTED, 'more than one request message came'))
    } else {
      this.#request = bytes
      // To see the end of the request, or that there is too much of it.
      this.#call.startRead()
    }
  }

  onReceiveHalfClose(): void {
    if (this.#requests) this.#requests.end()
    else if (this.#request) this.#runWith(this.#request)
    else this.cancel(new RpcError(Code.UNIMPLEMENTED, 'no request message came'))
  }

  onCancel(): void {
    // grpc-js also calls this when a stream has ended as it should.
    if (!this.#ended) this.cancel(new RpcError(Code.CANCELLED, 'the client cancelled the call'))
  }

  #watchFrames(): void {
    const { stream, compressed, maxReceiveBytes } = this.#init
    const frames = new FrameCheck({ maxBytes: maxReceiveBytes, compression: compressed })
    stream.prependListener('data', (chunk: Buffer) => {
      const fault = this.#ended ? undefined : frames.read(chunk)
      if (fault) this.cancel(framingError(fault, maxReceiveBytes))
    })
    stream.prependListener('end', () => {
      if (!frames.atBoundary) this.cancel(framingError('truncated', maxReceiveBytes))
    })
  }

  #decode(bytes: Uint8Array): unknown {
    try {
      return this.#context.method.request.decode(bytes)
    } catch (thrown) {
      throw codecError(thrown)
    }
  }

  #runWith(bytes: Uint8Array): void {
    let request: unknown
    try {
      request = this.#decode(bytes)
    } catch (thrown) {
      this.cancel(RpcError.from(thrown))
      return
    }
    void this.#run(request)
  }

  async #run(request: unknown): Promise<void> {
    const { binding } = this.#init
    try {
      const response: unknown = await serve(binding.endpoint, request, this.#context)
      if (streamsResponses(binding.method.kind)) await this.#sendAll(response as AsyncIterable<unknown>)
      else await this.#send(response)
      this.#end()
    } catch (thrown) {
      this.#end(RpcError.from(thrown))
    }
  }

  async #sendAll(responses: AsyncIterable<unknown>): Promise<void> {
    for await (const response of responses) {
      await this.#send(response)
      if (this.#init.stream.writableNeedDrain) await this.#drained()
    }
  }

  #send(response: unknown): Promise<void> | undefined {
    const message = this.#encode(response)
    if (this.#init.gzip) return gzipMessage(message).then((compressed) => this.#write(compressed))
    this.#write(message)
    return undefined
  }

  #encode(response: unknown): Buffer {
    let bytes: Uint8Array
    try {
      bytes = this.#context.method.response.encode(response)
    } catch (thrown) {
      throw codecError(thrown)
    }
    checkSize(bytes, this.#init.maxSendBytes)
    return asBuffer(bytes)
  }

  #write(message: Buffer): void {
    if (this.#ended) return
    this.#sendHeaders()
    this.#call.sendMessage(message, ignore)
  }

  #sendHeaders(): void {
    if (this.#headersSent || this.#ended) return
    this.#headersSent = true
    const context = this.#context
    const { gzip } = this.#init
    if (!gzip && !context.hasResponseHeaders) return
    this.#call.sendMetadata(
      new OutgoingMetadata((headers) => {
        if (context.hasResponseHeaders) writeFields(context.responseHeaders, headers)
        if (gzip) headers['grpc-encoding'] = 'gzip'
      }),
    )
  }

  #drained(): Promise<void> {
    const { stream } = this.#init
    return new Promise((resolve, reject) => {
      const go = (): void => {
        stop()
        resolve()
      }
      const stop = this.#context.onCancel((reason) => {
        stream.removeListener('drain', go)
        reject(reason)
      })
      stream.once('drain', go)
    })
  }

  #end(error?: RpcError): void {
    if (this.#ended) return
    const context = this.#context
    // Without headers of its own an error goes out as trailers only, so that the caller may retry.
    if (context.hasResponseHeaders && context.responseHeaders.size > 0) this.#sendHeaders()
    this.#ended = true
    this.#requests?.end(error ?? new RpcError(Code.CANCELLED, 'the call is over'))
    context.finish()
    this.#init.ended(this)
    const metadata = new OutgoingMetadata((trailers) => {
      if (context.hasResponseTrailers) writeFields(context.responseTrailers, trailers)
      if (error) writeDetails(error, trailers)
    })
    const details = error ? toWellFormed(error.rawMessage) : ''
    this.#call.sendStatus({ code: error?.code ?? Code.OK, details, metadata })
  }
}
