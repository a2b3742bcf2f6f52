import type { ErrorCode } from '../error-code.js'
import type { Inbound, ReceivingStream } from '../flow/inbound.js'
import type { Outbound, SendingStream } from '../flow/outbound.js'
import { contentItem, headersItem, type SendQueue } from '../flow/send-queue.js'
import type { Fields, Http2Stream, StreamListener } from '../http2.js'

/** What a stream needs of its connection. */
export interface StreamOwner {
  readonly outbound: Outbound
  readonly inbound: Inbound
  /** Content that a stream queues before it is not writable. */
  readonly queueBytes: number
  /** END_STREAM was sent. */
  onLocalEnd(stream: Stream): void
  /** The stream is to be reset by this side's own wish. */
  cancel(stream: Stream, code: ErrorCode): void
  /** Content was queued. */
  onQueued(): void
  /** Says that there is output, if there is. The last act of whatever may have written. */
  settle(): void
}

/** A stream, of a server or of a client. There may be very many: what is needed seldom comes into being when it is. */
export class Stream implements Http2Stream, SendingStream, ReceivingStream {
  readonly id: number
  readonly #owner: StreamOwner
  listener: StreamListener | undefined = undefined
  sendWindow: number
  receiveWindow: number
  unconsumed = 0
  owed = 0
  queue: SendQueue | undefined = undefined
  next: SendingStream | undefined = undefined
  previous: SendingStream | undefined = undefined
  isReady = false
  closed = false
  /** END_STREAM was received; was sent. */
  remoteEnded = false
  localEnded = false
  /** Nothing more is taken for sending. */
  #ending = false
  /** More was queued than was wanted; `onDrain` is owed. */
  #overfull = false
  /** The headers of the response arrived; true from the start on a server. */
  hasHeaders = false
  /** The request was HEAD: its response may announce content that does not come. */
  isHead = false
  /** Content that was announced, or -1; and what arrived of it. */
  announced = -1
  arrived = 0

  constructor(id: number, owner: StreamOwner, receiveWindow: number) {
    this.id = id
    this.#owner = owner
    this.sendWindow = owner.outbound.initialWindow
    this.receiveWindow = receiveWindow
  }

  get queuedBytes(): number {
    return this.queue === undefined ? 0 : this.queue.bytes
  }

  get writable(): boolean {
    return !this.#ending && !this.closed && this.queuedBytes <= this.#owner.queueBytes
  }

  sendHeaders(constant: Fields, varying: Fields | undefined, endStream: boolean): void {
    if (this.#ending || this.closed) return
    this.#ending = endStream
    const { outbound } = this.#owner
    if (this.queue !== undefined) outbound.enqueue(this, headersItem(constant, varying, endStream))
    else {
      const flagsAt = outbound.writer.headers(this.id, constant, varying)
      if (endStream) this.#end(flagsAt)
    }
    this.#owner.settle()
  }

  sendData(bytes: Uint8Array, endStream: boolean): void {
    if (bytes.length > 0 || endStream) this.#send(-1, bytes, endStream)
  }

  sendPrefixed(flag: number, bytes: Uint8Array, endStream: boolean): void {
    this.#send(flag, bytes, endStream)
  }

  reset(code: ErrorCode): void {
    if (this.closed) return
    this.#owner.cancel(this, code)
    this.#owner.settle()
  }

  consume(bytes: number): void {
    if (this.closed || bytes <= 0) return
    this.#owner.inbound.consume(this, bytes)
    this.#owner.settle()
  }

  onEndSent(): void {
    this.localEnded = true
    this.#owner.onLocalEnd(this)
  }

  onQueueEmpty(): void {
    if (!this.#overfull) return
    this.#overfull = false
    if (!this.#ending) this.listener?.onDrain()
  }

  #send(prefix: number, bytes: Uint8Array, endStream: boolean): void {
    if (this.#ending || this.closed) return
    this.#ending = endStream
    const { outbound } = this.#owner
    const flagsAt = outbound.sendAtOnce(this, prefix, bytes)
    if (flagsAt < 0) this.#enqueue(prefix, bytes, endStream)
    else if (endStream) this.#end(flagsAt)
    this.#owner.settle()
  }

  #enqueue(prefix: number, bytes: Uint8Array, endStream: boolean): void {
    const owner = this.#owner
    owner.outbound.enqueue(this, contentItem(prefix, bytes, endStream))
    owner.outbound.pump()
    owner.onQueued()
    if (this.queuedBytes > owner.queueBytes) this.#overfull = true
  }

  #end(flagsAt: number): void {
    this.#owner.outbound.writer.end(flagsAt)
    this.onEndSent()
  }
}
