import type { Context } from '../../kernel.js'
import type { HeaderList } from '../error.js'
import { writeHead } from '../serve/reply.js'
import { endWith, letGo, untilRoom } from '../serve/room.js'
import type { BrowserRequest, CallHost } from './call-protocol.js'

/** The head of a response. */
export interface ResponseHead {
  readonly status: number
  readonly headers: HeaderList
  /** Headers that pages of other origins may read, beside those that they always may. */
  readonly exposed: readonly string[]
}

/** Writes the response of a call as fast as its client reads it. */
export class ResponseWriter {
  readonly #host: CallHost
  readonly #call: BrowserRequest
  #started = false
  #ended = false

  constructor(host: CallHost, call: BrowserRequest) {
    this.#host = host
    this.#call = call
  }

  /** True once the head is sent. */
  get started(): boolean {
    return this.#started
  }

  /** True once nothing more can be sent. */
  get over(): boolean {
    const { response } = this.#call
    return this.#ended || response.destroyed || response.writableEnded
  }

  /** Sends the head, with what follows or soon after. */
  start({ status, headers, exposed }: ResponseHead): void {
    const { request, response, admitted } = this.#call
    this.#started = true
    if (this.over) return
    // A client that was not told to go on with its body may send its next request in place of it.
    if (this.#host.draining || (request.headers.expect !== undefined && !request.complete)) {
      response.shouldKeepAlive = false
    }
    if (admitted && exposed.length > 0) response.appendHeader('Access-Control-Expose-Headers', exposed.join(', '))
    writeHead(response, status, headers.flat())
  }

  /** Sends the head without waiting for anything that follows. */
  flush(): void {
    if (!this.over) this.#call.response.flushHeaders()
  }

  /** Sends bytes; there is something to wait for if the client does not keep up. */
  write(bytes: Uint8Array, context: Context): Promise<void> | undefined {
    if (this.over || this.#call.response.write(bytes)) return undefined
    return this.#room(context)
  }

  /** Ends the response. */
  end(bytes?: Uint8Array): void {
    const { response } = this.#call
    if (this.over) return
    this.#ended = true
    endWith(response, bytes)
    letGo(response, this.#host.clock, this.#host.limits.writeTimeoutMs)
  }

  #room(context: Context): Promise<void> {
    const { clock, limits } = this.#host
    const { writeTimeoutMs } = limits
    return untilRoom(this.#call.response, {
      schedule: (fire) => (writeTimeoutMs > 0 ? clock.schedule(writeTimeoutMs, fire) : () => {}),
      onCancel: (listener) => context.onCancel(listener),
    })
  }
}
