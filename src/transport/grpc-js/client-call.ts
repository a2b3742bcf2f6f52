import { constants, type OutgoingHttpHeaders } from 'node:http2'
import type { ChannelInterface, Metadata as EngineMetadata, StatusObject } from '@grpc/grpc-js'
import type { Context } from '../../endpoint/context.js'
import type { Peer } from '../../endpoint/context-value.js'
import { waitForReadyKey } from '../../endpoint/outgoing.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { appendFields, clearMetadata, findField } from '../grpc-wire/fields.js'
import type { ResponseReceiver } from '../grpc-wire/single-response.js'
import { decodeMessage, errorOf } from '../grpc-wire/status.js'
import { formatTimeout } from '../grpc-wire/timeout.js'
import { ResponseTap } from './engine/response-tap.js'
import { statusCode } from './error.js'
import { OutgoingMetadata, parsedFields, writeFields } from './metadata.js'

/** A call as grpc-js makes it. */
export type EngineCall = ReturnType<ChannelInterface['createCall']>

/** What a call needs to know of its channel. */
export interface ClientCallInit {
  readonly context: Context
  readonly call: EngineCall
  readonly receiver: ResponseReceiver
  /** Who answers, once the call is connected. */
  readonly peer: (call: EngineCall) => Peer
  /** Called once when the call is over. */
  readonly ended: () => void
}

const REFUSED = constants.NGHTTP2_REFUSED_STREAM
const NOT_OPENED = 'Failed to start HTTP/2 stream with error'

/** One call on a client, from its first header to its status. */
export class ClientCall {
  /** Let go of when the call is over: grpc-js holds on to its calls for much longer. */
  #init: ClientCallInit | undefined
  #stop: () => void = () => {}
  #tap: ResponseTap | undefined
  #reading = false
  /** True once headers were made to be sent; before that nothing of the call can have left the process. */
  #opened = false
  #written: (() => void) | undefined
  /** Where requests come from, until it has no more. */
  #source: AsyncIterator<unknown> | undefined

  constructor(init: ClientCallInit) {
    this.#init = init
  }

  /** True once the call is over. */
  get ended(): boolean {
    return this.#init === undefined
  }

  /** Opens the call. */
  start(): void {
    if (!this.#init) return
    const { context, call } = this.#init
    if (context.hasResponseHeaders) clearMetadata(context.responseHeaders)
    if (context.hasResponseTrailers) clearMetadata(context.responseTrailers)
    const options = { waitForReady: context.get(waitForReadyKey) === true }
    call.start(new OutgoingMetadata((headers) => this.#open(headers), options), this)
    this.#stop = context.onCancel((reason) => this.fail(reason))
  }

  /** Asks for one more message. */
  read(): void {
    this.#reading = true
    this.#init?.call.startRead()
  }

  /** Sends a message; resolves when there is room for the next, or the call is over. */
  send(message: Buffer): Promise<void> {
    return new Promise((resolve) => {
      this.#written = resolve
      if (this.#init) this.#init.call.sendMessageWithContext({ callback: () => resolve() }, message)
      else resolve()
    })
  }

  /** Sends a message that is the only one. */
  sendOnly(message: Buffer): void {
    this.#init?.call.sendMessageWithContext({}, message)
    this.#init?.call.halfClose()
  }

  /** Lets a source of requests go when the call is over before it is. */
  follow(source: AsyncIterator<unknown>): void {
    this.#source = source
  }

  /** No more messages will be sent. */
  halfClose(): void {
    this.#source = undefined
    this.#init?.call.halfClose()
  }

  /** Gives the call up. */
  fail(error: unknown): void {
    const init = this.#init
    if (!init) return
    this.#end(init, error)
    this.#tap?.cancel()
    init.call.cancelWithStatus(Code.CANCELLED, 'given up by the client')
  }

  onReceiveMetadata(metadata: EngineMetadata): void {
    if (!this.#init) return
    const { context, call, peer } = this.#init
    context.peer = peer(call)
    appendFields(this.#tap?.headers ?? parsedFields(metadata), () => context.responseHeaders)
  }

  onReceiveMessage(bytes: Uint8Array): void {
    this.#init?.receiver.push(bytes, this)
    this.#tap?.delivered()
  }

  onReceiveStatus(status: StatusObject): void {
    if (!this.#init) return
    const { context, call, peer } = this.#init
    if (this.#opened) context.peer = peer(call)
    const fields = this.#tap?.trailers ?? parsedFields(status.metadata)
    appendFields(fields, () => context.responseTrailers)
    this.#end(this.#init, this.#errorOf(status, fields))
  }

  #open(headers: OutgoingHttpHeaders): void {
    // grpc-js goes on to open the stream of a call that was cancelled in the meantime, unless it is stopped here.
    if (!this.#init) throw new Error('the call was given up')
    const { context } = this.#init
    this.#opened = true
    writeFields(context.metadata, headers)
    const timeout = formatTimeout(context)
    if (timeout !== undefined) headers['grpc-timeout'] = timeout
    // grpc-js opens the stream when it has the headers: within this turn, long before an answer can come.
    queueMicrotask(() => this.#listen())
  }

  #listen(): void {
    if (!this.#init) return
    this.#tap = ResponseTap.of(this.#init.call)
    if (!this.#reading) this.#tap?.pause()
  }

  #errorOf(status: StatusObject, fields: readonly string[]): RpcError | undefined {
    if (!this.#tap && status.details.startsWith(NOT_OPENED)) return this.#unavailable(status.details)
    const code = findField(fields, 'grpc-status')
    // grpc-js may have found something wrong with the response that the server does not know of.
    const same = Object.is(Number(code), status.code) || this.#tap?.holdsStatus === true
    const byServer = code !== undefined && same
    const message = findField(fields, 'grpc-message')
    const text = byServer && message !== undefined ? decodeMessage(message) : status.details
    const error = errorOf({
      code: statusCode(byServer ? code : status.code, text),
      message: text,
      details: findField(fields, 'grpc-status-details-bin'),
      neverSent: !this.#opened || this.#refused(),
    })
    return error?.code === Code.CANCELLED && this.#init?.context.remainingMs() === 0
      ? new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed')
      : error
  }

  #refused(): boolean {
    const tap = this.#tap
    return tap !== undefined && tap.resetCode === REFUSED && tap.headers === undefined && tap.trailers === undefined
  }

  #unavailable(message: string): RpcError {
    return new RpcError(Code.UNAVAILABLE, message, { neverSent: true })
  }

  #end({ ended, receiver }: ClientCallInit, error: unknown): void {
    this.#init = undefined
    this.#stop()
    this.#stop = () => {}
    this.#written?.()
    this.#written = undefined
    void this.#letGo()
    ended()
    receiver.end(error)
  }

  async #letGo(): Promise<void> {
    try {
      await this.#source?.return?.()
    } catch {
      // The call is over: what the source has to say to that is of no interest.
    }
  }
}
