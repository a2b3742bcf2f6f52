import type { Context } from '../../endpoint/context.js'
import { waitForReadyKey } from '../../endpoint/outgoing.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { ErrorCode } from '../../http2/error-code.js'
import type { HeaderBlock, Http2Stream, StreamEnd, StreamListener } from '../../http2/http2.js'
import type { CallPlan } from '../grpc-wire/call-plan.js'
import { gzipMessage } from '../grpc-wire/compression.js'
import { appendFields, clearMetadata } from '../grpc-wire/fields.js'
import type { Message } from '../grpc-wire/frame/frame-reader.js'
import { fieldBytes } from '../grpc-wire/frame/header-budget.js'
import { compressionKey, wasCompressedKey } from '../grpc-wire/message-keys.js'
import { type MessageListener, MessageReader, onlyMessage } from '../grpc-wire/message-reader.js'
import { ResponseHead } from '../grpc-wire/response-head.js'
import type { ResponseReceiver } from '../grpc-wire/single-response.js'
import { formatTimeout } from '../grpc-wire/timeout.js'
import type { Connector, WaitingCall } from './connect/connector.js'
import { endError } from './error.js'
import { RequestSource } from './flow/request-source.js'
import type { Link } from './link.js'
import { writeFields } from './metadata.js'

/** Where calls of a method go. */
export interface CallRoute {
  readonly plan: CallPlan
  readonly connector: Connector
}

const EMPTY = new Uint8Array(0)
const nothing = (): void => {}

/** One call on a client, from its first header to its status. */
export class ClientCall implements StreamListener, MessageListener, WaitingCall {
  ended = false
  readonly #plan: CallPlan
  readonly #connector: Connector
  readonly #context: Context
  readonly #receiver: ResponseReceiver
  #stop: () => void = nothing
  /** The only request, until it is sent. */
  #request: Uint8Array | undefined
  #source: RequestSource | undefined
  #link: Link | undefined
  #stream: Http2Stream | undefined
  #halfClosed = false
  #wantsMessage = false
  #head: ResponseHead | undefined
  /** How the call ended, while messages before that are unread. */
  #trailers: ResponseHead | undefined
  #reader: MessageReader | undefined
  #room: (() => void) | undefined

  constructor({ plan, connector }: CallRoute, context: Context, receiver: ResponseReceiver) {
    this.#plan = plan
    this.#connector = connector
    this.#context = context
    this.#receiver = receiver
    if (context.hasResponseHeaders) clearMetadata(context.responseHeaders)
    if (context.hasResponseTrailers) clearMetadata(context.responseTrailers)
    this.#stop = context.onCancel((reason) => this.fail(reason))
  }

  get waitsForReady(): boolean {
    return this.#context.get(waitForReadyKey) === true
  }

  /** Makes the call, with one request that is encoded. */
  startWith(request: Uint8Array): void {
    this.#request = request
    if (!this.ended) this.#connector.open(this)
  }

  /** Makes the call, with a stream of requests. */
  startStream(requests: AsyncIterable<unknown>): void {
    this.#source = new RequestSource(requests)
    // Not within this turn: a caller that gives up at once has sent nothing.
    queueMicrotask(() => {
      if (!this.ended) this.#connector.open(this)
    })
  }

  /** Asks for a message. */
  read(): void {
    if (this.#reader) this.#reader.read()
    else this.#wantsMessage = true
  }

  begin(link: Link): void {
    const { headers, gzipHeaders, headerBytes } = this.#plan
    const context = this.#context
    const fields = this.#fields()
    const maxBytes = link.peerHeaderListBytes
    if (fields && fieldBytes(fields) + headerBytes > maxBytes) {
      this.fail(new RpcError(Code.RESOURCE_EXHAUSTED, `the request metadata is over the limit of ${maxBytes} bytes`))
      return
    }
    this.#link = link
    context.peer = link.peer
    const mayCompress = this.#plan.scope.gzip || context.get(compressionKey) !== undefined
    this.#stream = link.request(mayCompress ? gzipHeaders : headers, fields, this)
    if (this.#request) void this.#sendOnly(this.#request)
    else void this.#source?.sendTo(this)
  }

  onUnavailable(reason: string): void {
    this.fail(new RpcError(Code.UNAVAILABLE, reason, { neverSent: true }))
  }

  /** Gives the call up. */
  fail(thrown: unknown): void {
    if (this.ended) return
    this.#connector.forget(this)
    this.#end(thrown)
    this.#stream?.reset(ErrorCode.CANCEL)
  }

  /** Sends a request of several. */
  send(request: unknown): Promise<void> | undefined {
    const bytes = this.#plan.encode(request)
    if (!this.#compresses()) return this.#write({ bytes, compressed: false })
    return gzipMessage(bytes).then((message) => this.#write(message))
  }

  halfClose(): void {
    if (this.#halfClosed) return
    this.#halfClosed = true
    this.#stream?.sendData(EMPTY, true)
  }

  onHeaders(block: HeaderBlock, endStream: boolean): void {
    if (this.ended) return
    const head = ResponseHead.of(block)
    if (head.httpStatus.startsWith('1')) return
    if (endStream) {
      this.#conclude(head)
      return
    }
    this.#head = head
    if (head.hasMetadata) appendFields(head.fields, () => this.#context.responseHeaders)
    const refusal = head.refusal()
    if (refusal) this.fail(refusal)
  }

  onData(bytes: Uint8Array, endStream: boolean): void {
    if (this.ended) {
      this.#stream?.consume(bytes.length)
      return
    }
    const whole = this.#wantsMessage ? onlyMessage(bytes, this.#plan.scope.maxReceiveBytes) : undefined
    if (whole && !this.#reader) {
      this.#wantsMessage = false
      this.#stream?.consume(bytes.length)
      this.#receiver.push(whole, this)
    } else {
      this.#take(bytes)
    }
    if (endStream && !this.ended) this.fail(new RpcError(Code.INTERNAL, 'the response ended without a gRPC status'))
  }

  onTrailers(block: HeaderBlock): void {
    if (!this.ended) this.#conclude(ResponseHead.of(block))
  }

  onEnd(end: StreamEnd): void {
    if (this.ended) return
    const message = (end.connection ? this.#link?.reason : undefined) ?? end.message
    this.#end(this.#inTime(endError({ ...end, message })))
  }

  onDrain(): void {
    this.#room?.()
    this.#room = undefined
  }

  onMessage(bytes: Uint8Array, compressed: boolean): void {
    const context = this.#context
    if (compressed || context.get(wasCompressedKey)) context.set(wasCompressedKey, compressed)
    this.#receiver.push(bytes, this)
  }

  onMessagesEnd(): void {
    if (this.#trailers) this.#finish(this.#trailers)
  }

  onMessageFault(error: RpcError): void {
    this.fail(error)
  }

  #take(bytes: Uint8Array): void {
    if (!this.#reader && this.#stream) {
      const rules = { encoding: this.#head?.encoding, maxBytes: this.#plan.scope.maxReceiveBytes }
      this.#reader = new MessageReader(this.#stream, rules, this)
      if (this.#wantsMessage) this.#reader.read()
    }
    this.#reader?.take(bytes, false)
  }

  /** The status is there; it is told once the messages before it were read. */
  #conclude(head: ResponseHead): void {
    this.#source?.leave()
    if (!this.#reader) {
      this.#finish(head)
      return
    }
    this.#trailers = head
    this.#reader.end()
  }

  #finish(head: ResponseHead): void {
    if (head.hasMetadata) appendFields(head.fields, () => this.#context.responseTrailers)
    const error = head.isOk ? undefined : head.error(this.#head !== undefined)
    this.#end(error && this.#inTime(error))
    // A server that has answered wants to hear no more.
    if (!this.#halfClosed) this.#stream?.reset(ErrorCode.CANCEL)
  }

  /** A server that was told the deadline may be the first to say that it has passed, by cancelling. */
  #inTime(error: RpcError): RpcError {
    if (error.code !== Code.CANCELLED || this.#context.remainingMs() !== 0) return error
    return new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed')
  }

  #end(error: unknown): void {
    this.ended = true
    this.#stop()
    this.#room?.()
    this.#source?.leave()
    this.#reader?.close()
    this.#receiver.end(error)
  }

  #fields(): string[] | undefined {
    const context = this.#context
    const timeout = formatTimeout(context)
    if (timeout === undefined && context.metadata.size === 0) return undefined
    const fields: string[] = timeout === undefined ? [] : ['grpc-timeout', timeout]
    writeFields(context.metadata, fields)
    return fields
  }

  #compresses(): boolean {
    return this.#context.get(compressionKey) ?? this.#plan.scope.gzip
  }

  #sendOnly(bytes: Uint8Array): void {
    this.#request = undefined
    const last = ({ bytes: content, compressed }: Message): void => {
      if (this.ended) return
      this.#halfClosed = true
      this.#stream?.sendPrefixed(compressed ? 1 : 0, content, true)
    }
    if (this.#compresses()) gzipMessage(bytes).then(last, (thrown: unknown) => this.fail(thrown))
    else last({ bytes, compressed: false })
  }

  #write({ bytes, compressed }: Message): Promise<void> | undefined {
    const stream = this.#stream
    if (this.ended || !stream) return undefined
    stream.sendPrefixed(compressed ? 1 : 0, bytes, false)
    if (stream.writable) return undefined
    return new Promise((resolve) => {
      this.#room = resolve
    })
  }
}
