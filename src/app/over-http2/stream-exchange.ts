import type { StreamListener } from '../../http2/http2.js'
import type { OtherRequest } from '../../transport/grpc/served-connection.js'
import { errorReply, malformed, unmet } from '../../transport/http/error.js'
import type { Dispatcher } from '../../transport/http/serve/dispatcher.js'
import { RequestHead } from './request-head.js'
import { StreamRequest } from './stream-request.js'
import { StreamResponse } from './stream-response.js'

const tooLong = malformed('HPE_HEADER_OVERFLOW')
const tooSlow = malformed('ERR_HTTP_REQUEST_TIMEOUT')

/** Serves a request that came over HTTP/2; the rest of its stream goes to the result. */
export function serveStream(dispatcher: Dispatcher, opened: OtherRequest): StreamListener {
  const exchange = new StreamExchange(dispatcher, opened)
  exchange.start(opened.endStream)
  return exchange
}

/** Between a stream of HTTP/2 and the call that it carries. */
class StreamExchange implements StreamListener {
  readonly #dispatcher: Dispatcher
  readonly #request: StreamRequest
  readonly #response: StreamResponse
  readonly #headBytes: number
  /** The call waits for the first of its content, for its head does not tell whether there is any. */
  #waits = false
  #cancelTimer = (): void => {}

  constructor(dispatcher: Dispatcher, opened: OtherRequest) {
    const { stream, block, endStream, connection } = opened
    const head = block.memo instanceof RequestHead ? block.memo : new RequestHead(block.fields)
    block.memo = head
    this.#dispatcher = dispatcher
    this.#request = new StreamRequest(stream, head, { socket: connection.socket, complete: endStream })
    this.#response = new StreamResponse(stream, this.#request, () => {
      this.#request.moved += 1
      connection.onSend()
    })
    this.#headBytes = block.size
  }

  /** Begins the call, unless that needs to know more. */
  start(endStream: boolean): void {
    const { headers } = this.#request
    const isOpen = !endStream && headers['content-type'] === undefined && headers['content-length'] === undefined
    if (isOpen && headers.expect === undefined) this.#wait()
    else this.#begin()
  }

  /** Never called on a server. */
  onHeaders(): void {}

  onData(bytes: Uint8Array, endStream: boolean): void {
    if (this.#waits) this.#goOn(bytes.length === 0 && endStream)
    if (bytes.length > 0) this.#request.add(bytes)
    if (endStream) this.#end()
  }

  onTrailers(): void {
    if (this.#waits) this.#goOn(true)
    this.#end()
  }

  onEnd(): void {
    this.#response.gone()
    this.#request.breakOff()
  }

  onDrain(): void {
    this.#response.emit('drain')
  }

  #wait(): void {
    const { clock, limits, replies } = this.#dispatcher
    this.#waits = true
    if (limits.requestTimeoutMs === 0) return
    const cutOff = (): void => this.#response.cutOff(errorReply(tooSlow, replies.errors))
    this.#cancelTimer = clock.schedule(limits.requestTimeoutMs, cutOff)
    this.#response.once('close', this.#cancelTimer)
  }

  #goOn(isEmpty: boolean): void {
    this.#waits = false
    this.#cancelTimer()
    if (isEmpty) this.#request.hasBody = false
    this.#begin()
  }

  #begin(): void {
    const request = this.#request
    const { expect } = request.headers
    const isTooLong = this.#headBytes > this.#dispatcher.limits.maxHeaderBytes
    if (isTooLong) this.#dispatcher.refuse(request, this.#response, tooLong)
    else if (expect !== undefined && !/^100-continue$/i.test(expect)) {
      this.#dispatcher.refuse(request, this.#response, unmet(expect))
    } else this.#dispatcher.dispatch(request, this.#response)
  }

  #end(): void {
    this.#request.end()
  }
}
