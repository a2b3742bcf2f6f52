import { Context } from '../../endpoint/context.js'
import { serveInto } from '../../endpoint/serve.js'
import type { ServedStream, Settlement } from '../../endpoint/stream/served-stream.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { Http2Stream, StreamListener } from '../../http2/http2.js'
import type { Place } from '../../resilience/roster.js'
import { gzipMessage } from '../grpc-wire/compression.js'
import type { Message } from '../grpc-wire/frame/frame-reader.js'
import { fieldBytes } from '../grpc-wire/frame/header-budget.js'
import { MessageStream } from '../grpc-wire/frame/message-stream.js'
import { decodeWith, encodeWith } from '../grpc-wire/message-error.js'
import { compressionKey, wasCompressedKey } from '../grpc-wire/message-keys.js'
import { type MessageListener, MessageReader, onlyMessage } from '../grpc-wire/message-reader.js'
import type { CallConnection, RunningCall } from './call-scope.js'
import { tooMuchMetadata, trailersOf } from './error.js'
import { ResponsePump, type ResponseSink } from './flow/response-pump.js'
import { writeFields } from './metadata.js'
import { type AcceptedRequest, GZIP_RESPONSE_HEADERS, RESPONSE_HEADERS, statusOnly, statusTrailers } from './wire.js'

const ignore = (): void => {}

/**
 * One call on a server: what its stream brings goes to the endpoint, what the endpoint gives goes to the stream. A unary
 * call whose request comes in one piece, as nearly all do, makes nothing beside itself and its context.
 */
export class ServerCall implements StreamListener, MessageListener, RunningCall, ResponseSink, Settlement<unknown> {
  /** True once the call has its status. */
  ended = false
  readonly #stream: Http2Stream
  readonly #request: AcceptedRequest
  readonly #connection: CallConnection
  readonly #place: Place<RunningCall>
  readonly #context: Context
  #headersSent = false
  /** Content that is one message, whole, while the end of the stream is still to come. */
  #whole: Uint8Array | undefined
  /** What reads requests that come in pieces. */
  #reader: MessageReader | undefined
  #single: Uint8Array | undefined
  #requests: MessageStream<unknown> | undefined
  #pump: ResponsePump | undefined

  constructor(stream: Http2Stream, request: AcceptedRequest, connection: CallConnection) {
    const { clock } = connection.scope
    const { timeoutMs } = request
    this.#stream = stream
    this.#request = request
    this.#connection = connection
    this.#context = new Context({
      method: request.method,
      side: 'server',
      metadata: request.metadata,
      deadline: timeoutMs === undefined ? undefined : clock.now() + timeoutMs,
      peer: connection.peer,
      clock,
    })
    this.#place = connection.calls.add(this)
  }

  get writable(): boolean {
    return this.#stream.writable
  }

  /** Begins, if there is anything to do before content comes. */
  start(endStream: boolean): void {
    if (this.#request.timeoutMs !== undefined) this.#context.onCancel((reason) => this.end(reason))
    if (this.ended) return
    if (this.#request.streamsRequests) this.#runStreamed()
    if (endStream) this.#read().end()
  }

  /** Ends the call, for the caller and for the handler. */
  cancel(reason: RpcError): void {
    this.#context.cancel(reason)
    this.end(reason)
  }

  onHeaders(): void {}

  onData(bytes: Uint8Array, endStream: boolean): void {
    if (this.ended) this.#stream.consume(bytes.length)
    else if (this.#reader) this.#reader.take(bytes, endStream)
    else if (this.#whole) this.#takeMore(this.#whole, bytes, endStream)
    else if (onlyMessage(bytes, this.#connection.scope.maxReceiveBytes)) this.#takeWhole(bytes, endStream)
    else this.#read().take(bytes, endStream)
  }

  onTrailers(): void {
    if (this.ended) return
    if (this.#whole) this.#takeWhole(this.#whole, true)
    else this.#read().end()
  }

  onEnd(): void {
    if (this.ended) return
    const cancel = (): void => this.cancel(new RpcError(Code.CANCELLED, 'the client cancelled the call'))
    // A handler whose request came in one piece with the reset shall hear of it, rather than never begin.
    if (this.#request.streamsResponses && !this.#pump) setImmediate(cancel)
    else cancel()
  }

  onDrain(): void {
    this.#pump?.drained()
  }

  onMessage(bytes: Uint8Array, compressed: boolean): void {
    const context = this.#context
    if (compressed || context.get(wasCompressedKey)) context.set(wasCompressedKey, compressed)
    if (this.#requests) {
      this.#requests.push(bytes)
    } else if (this.#single) {
      this.cancel(new RpcError(Code.UNIMPLEMENTED, 'more than one request message came'))
    } else {
      this.#single = bytes
      // To see the end of the request, or that there is too much of it.
      this.#reader?.read()
    }
  }

  onMessagesEnd(): void {
    if (this.#requests) this.#requests.end()
    else if (this.#single) this.#runSingle(this.#single)
    else this.cancel(new RpcError(Code.UNIMPLEMENTED, 'no request message came'))
  }

  onMessageFault(error: RpcError): void {
    this.cancel(error)
  }

  /** Takes what the endpoint gave. */
  resolve(response: unknown): void {
    if (this.#request.streamsResponses) this.#sendAll(response as ServedStream)
    else this.#sendOnly(response)
  }

  /** Takes what the endpoint failed with. */
  reject(error: RpcError): void {
    this.end(error)
  }

  /** Sends a response; the first one sends the headers before it. */
  send(response: unknown): Promise<void> | undefined {
    const bytes = encodeWith(this.#request.method.response, response, this.#connection.scope.maxSendBytes)
    if (this.#compresses()) return gzipMessage(bytes).then((message) => this.#write(message))
    this.#write({ bytes, compressed: false })
    return undefined
  }

  /** Ends the call for what was thrown. */
  fail(thrown: unknown): void {
    this.end(RpcError.from(thrown))
  }

  /** Ends the call with its status, for the caller. */
  end(error?: RpcError): void {
    if (this.ended) return
    const context = this.#context
    // Without headers of its own an error goes out as trailers only, so that the caller may retry.
    if (!this.#headersSent && context.hasResponseHeaders && context.responseHeaders.size > 0) this.#sendHeaders(error)
    if (this.ended) return
    this.ended = true
    context.finish()
    this.#connection.calls.remove(this.#place)
    this.#reader?.close()
    if (this.#whole) this.#stream.consume(this.#whole.length)
    this.#requests?.end(error ?? new RpcError(Code.CANCELLED, 'the call is over'))
    this.#sendStatus(error)
    this.#pump?.stop()
  }

  #read(): MessageReader {
    const { encoding } = this.#request
    if (!this.#reader) {
      const rules = { encoding, maxBytes: this.#connection.scope.maxReceiveBytes }
      this.#reader = new MessageReader(this.#stream, rules, this)
      if (!this.#requests) this.#reader.read()
    }
    return this.#reader
  }

  #takeWhole(bytes: Uint8Array, endStream: boolean): void {
    this.#whole = endStream ? undefined : bytes
    if (!endStream) return
    this.#stream.consume(bytes.length)
    this.#runSingle(bytes.subarray(5))
  }

  #takeMore(whole: Uint8Array, bytes: Uint8Array, endStream: boolean): void {
    if (bytes.length > 0) {
      const reader = this.#read()
      this.#whole = undefined
      reader.take(whole, false)
      if (!this.ended) reader.take(bytes, endStream)
    } else if (endStream) {
      this.#takeWhole(whole, true)
    }
  }

  #runStreamed(): void {
    const requests = new MessageStream({
      read: () => this.#read().read(),
      decode: (bytes) => decodeWith(this.#request.method.request, bytes),
      left: ignore,
    })
    this.#requests = requests
    // From now on content goes through the reader, asked for or not.
    this.#read()
    this.#run(requests)
  }

  #runSingle(bytes: Uint8Array): void {
    let request: unknown
    try {
      request = decodeWith(this.#request.method.request, bytes)
    } catch (thrown) {
      this.cancel(RpcError.from(thrown))
      return
    }
    this.#run(request)
  }

  #run(request: unknown): void {
    serveInto({ endpoint: this.#request.binding.endpoint, request, context: this.#context }, this)
  }

  #sendOnly(response: unknown): void {
    try {
      const sending = this.send(response)
      if (sending) sending.then(() => this.end()).catch((thrown: unknown) => this.fail(thrown))
      else this.end()
    } catch (thrown) {
      this.fail(thrown)
    }
  }

  #sendAll(responses: ServedStream): void {
    this.#pump = new ResponsePump(responses, this)
    this.#pump.start()
  }

  #compresses(): boolean {
    return this.#request.acceptsGzip && (this.#context.get(compressionKey) ?? this.#connection.scope.gzip)
  }

  #mayCompress(): boolean {
    const { gzip } = this.#connection.scope
    return this.#request.acceptsGzip && (gzip || this.#context.get(compressionKey) !== undefined)
  }

  #write({ bytes, compressed }: Message): void {
    if (!this.#headersSent) this.#sendHeaders()
    // It may be the headers' fault that the call is over.
    if (!this.ended) this.#stream.sendPrefixed(compressed ? 1 : 0, bytes, false)
    this.#connection.onSend()
  }

  /** Sends headers. Too many of them end a call that has not failed yet. */
  #sendHeaders(failure?: RpcError): void {
    if (this.ended) return
    const context = this.#context
    let own: string[] | undefined
    if (context.hasResponseHeaders) {
      own = []
      writeFields(context.responseHeaders, own)
      const budget = this.#connection.headerBudget
      if (fieldBytes(own) > budget) {
        if (!failure) this.cancel(tooMuchMetadata(budget))
        return
      }
    }
    this.#headersSent = true
    this.#stream.sendHeaders(this.#mayCompress() ? GZIP_RESPONSE_HEADERS : RESPONSE_HEADERS, own, false)
  }

  #sendStatus(error: RpcError | undefined): void {
    const context = this.#context
    const constants = this.#headersSent ? statusTrailers : statusOnly
    const own = context.hasResponseTrailers ? context.responseTrailers : undefined
    if (!error && !own) {
      this.#stream.sendHeaders(constants[Code.OK] ?? [], undefined, true)
    } else {
      const { code, fields } = trailersOf(error, own, this.#connection.headerBudget)
      this.#stream.sendHeaders(constants[code] ?? [], fields, true)
    }
    this.#connection.onSend()
  }
}
