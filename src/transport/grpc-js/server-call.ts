import type { OutgoingHttpHeaders } from 'node:http2'
import { Context } from '../../endpoint/context.js'
import { streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { serve } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { Clock } from '../../resilience/clock.js'
import type { Place, Roster } from '../../resilience/roster.js'
import { gzipMessage } from '../grpc-wire/compression.js'
import { readFields } from '../grpc-wire/fields.js'
import type { Message } from '../grpc-wire/frame/frame-reader.js'
import { headerBudget } from '../grpc-wire/frame/header-budget.js'
import { MessageStream } from '../grpc-wire/frame/message-stream.js'
import { checkSize, codecError } from '../grpc-wire/message-error.js'
import { encodeMessage } from '../grpc-wire/status.js'
import type { Connection } from './connection.js'
import { headerBytes } from './engine/header-bytes.js'
import type { IncomingStream } from './engine/server-engine.js'
import { type CallListener, WireCall } from './engine/wire-call.js'
import { statusTrailers } from './error.js'
import { writeFields } from './metadata.js'
import type { AcceptedRequest } from './wire.js'

/** What all calls of a server share. */
export interface CallScope {
  readonly clock: Clock
  readonly maxReceiveBytes: number
  readonly maxSendBytes: number
  /** Whether responses are compressed for callers who accept that. */
  readonly gzip: boolean
  /** Calls without a status. */
  readonly calls: Roster<ServerCall>
}

/** A call as it arrives. */
export interface Arrival {
  readonly incoming: IncomingStream
  readonly request: AcceptedRequest
  readonly connection: Connection
}

const ignore = (): void => {}
const OK = { 'grpc-status': Code.OK }

/** One call on a server: what its stream brings goes to the endpoint, what the endpoint gives goes to the stream. */
export class ServerCall implements CallListener {
  readonly #scope: CallScope
  readonly #arrival: Arrival
  readonly #context: Context
  readonly #call: WireCall
  #place: Place<ServerCall> | undefined
  #request: Uint8Array | undefined
  #requests: MessageStream<unknown> | undefined
  #headersSent = false
  #ended = false

  constructor(scope: CallScope, arrival: Arrival) {
    const { clock } = scope
    const { request, incoming, connection } = arrival
    const { timeoutMs, binding, encoding } = request
    this.#scope = scope
    this.#arrival = arrival
    this.#call = new WireCall(incoming.stream, { encoding, maxBytes: scope.maxReceiveBytes })
    this.#context = new Context({
      method: binding.method,
      side: 'server',
      metadata: () => readFields(incoming.fields),
      deadline: timeoutMs === undefined ? undefined : clock.now() + timeoutMs,
      peer: connection.peer,
      clock,
    })
  }

  /** Reads the request and runs the endpoint. */
  start(): void {
    const { connection, request } = this.#arrival
    const { kind } = request.binding.method
    this.#place = this.#scope.calls.add(this)
    connection.enter()
    this.#call.start(this)
    if (request.timeoutMs !== undefined && !this.#runs()) return
    if (streamsRequests(kind)) this.#runStreamed()
    else this.#call.startRead()
  }

  /** Ends the call, for the caller and for the handler. */
  cancel(reason: RpcError): void {
    this.#context.cancel(reason)
    this.#end(reason)
  }

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
    else if (this.#request) this.#runSingle(this.#request)
    else this.cancel(new RpcError(Code.UNIMPLEMENTED, 'no request message came'))
  }

  onReceiveFault(thrown: unknown): void {
    this.cancel(RpcError.from(thrown))
  }

  onCancel(): void {
    if (!this.#ended) this.cancel(new RpcError(Code.CANCELLED, 'the client cancelled the call'))
  }

  /** Watches the deadline; false if it has passed. */
  #runs(): boolean {
    const context = this.#context
    context.onCancel((reason) => this.#end(reason))
    if (context.remainingMs() === 0) this.cancel(new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed'))
    return !this.#ended
  }

  #decode(bytes: Uint8Array): unknown {
    try {
      return this.#context.method.request.decode(bytes)
    } catch (thrown) {
      throw codecError(thrown)
    }
  }

  #runStreamed(): void {
    this.#requests = new MessageStream({
      read: () => this.#call.startRead(),
      decode: (bytes) => this.#decode(bytes),
      left: ignore,
    })
    this.#run(this.#requests)
  }

  #runSingle(bytes: Uint8Array): void {
    let request: unknown
    try {
      request = this.#decode(bytes)
    } catch (thrown) {
      this.cancel(RpcError.from(thrown))
      return
    }
    this.#run(request)
  }

  #run(request: unknown): void {
    const { binding } = this.#arrival.request
    serve(binding.endpoint, request, this.#context).then(
      streamsResponses(binding.method.kind)
        ? (responses: unknown) => this.#sendAll(responses as AsyncIterable<unknown>)
        : (response: unknown) => this.#sendOnly(response),
      (thrown: unknown) => this.#end(RpcError.from(thrown)),
    )
  }

  #sendOnly(response: unknown): void {
    try {
      const message = this.#encode(response)
      if (this.#compresses) {
        const failed = (thrown: unknown): void => this.#end(RpcError.from(thrown))
        gzipMessage(message)
          .then((compressed) => this.#finishWith(compressed))
          .catch(failed)
      } else {
        this.#finishWith({ bytes: message, compressed: false })
      }
    } catch (thrown) {
      this.#end(RpcError.from(thrown))
    }
  }

  #finishWith(message: Message): void {
    this.#write(message)
    this.#end()
  }

  async #sendAll(responses: AsyncIterable<unknown>): Promise<void> {
    const { stream } = this.#arrival.incoming
    const source = responses[Symbol.asyncIterator]()
    try {
      for (let next = await source.next(); !next.done; next = await source.next()) {
        const message = this.#encode(next.value)
        this.#write(this.#compresses ? await gzipMessage(message) : { bytes: message, compressed: false })
        if (stream.writableNeedDrain) await this.#drained()
      }
      this.#end()
    } catch (thrown) {
      this.#end(RpcError.from(thrown))
      // The caller does not wait for what the handler has to clean up.
      source.return?.().catch(ignore)
    }
  }

  get #compresses(): boolean {
    return this.#scope.gzip && this.#arrival.request.acceptsGzip
  }

  #encode(response: unknown): Uint8Array {
    let bytes: Uint8Array
    try {
      bytes = this.#context.method.response.encode(response)
    } catch (thrown) {
      throw codecError(thrown)
    }
    checkSize(bytes, this.#scope.maxSendBytes)
    return bytes
  }

  #write(message: Message): void {
    if (this.#ended) return
    if (!this.#headersSent) this.#sendHeaders()
    // It may be their fault that the call is over.
    if (!this.#ended) this.#call.sendMessage(message)
  }

  /** Sends headers, if there are any. Too many of them end a call that has not failed yet. */
  #sendHeaders(failure?: RpcError): void {
    this.#headersSent = true
    const context = this.#context
    const compresses = this.#compresses
    if (!compresses && !context.hasResponseHeaders) return
    const headers: OutgoingHttpHeaders = compresses ? { 'grpc-encoding': 'gzip' } : {}
    if (context.hasResponseHeaders) writeFields(context.responseHeaders, headers)
    const fits = headerBytes(headers) <= this.#headerBudget
    if (!fits && !failure) this.cancel(this.#tooMuchMetadata())
    if (fits) this.#call.sendHeaders(headers)
  }

  get #headerBudget(): number {
    return headerBudget(this.#arrival.incoming.session.remoteSettings?.maxHeaderListSize)
  }

  #tooMuchMetadata(): RpcError {
    const text = `the response metadata is over the limit of ${this.#headerBudget} bytes`
    return new RpcError(Code.RESOURCE_EXHAUSTED, text)
  }

  #drained(): Promise<void> {
    const { stream } = this.#arrival.incoming
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
    if (!this.#headersSent && context.hasResponseHeaders && context.responseHeaders.size > 0) this.#sendHeaders(error)
    if (this.#ended) return
    this.#ended = true
    this.#requests?.end(error ?? new RpcError(Code.CANCELLED, 'the call is over'))
    context.finish()
    if (this.#place) this.#scope.calls.remove(this.#place)
    this.#arrival.connection.leave()
    if (!error && !context.hasResponseTrailers) this.#call.sendTrailers(OK)
    else this.#sendStatus(error)
  }

  #sendStatus(failure: RpcError | undefined): void {
    const context = this.#context
    const own: OutgoingHttpHeaders = {}
    if (context.hasResponseTrailers) writeFields(context.responseTrailers, own)
    const budget = this.#headerBudget
    const error = failure ?? (headerBytes(own) > budget ? this.#tooMuchMetadata() : undefined)
    const { message, fields } = error ? statusTrailers(error, own, budget) : { message: '', fields: own }
    const status = { 'grpc-status': error?.code ?? Code.OK, 'grpc-message': encodeMessage(message) }
    this.#call.sendTrailers({ ...status, ...fields })
  }
}
