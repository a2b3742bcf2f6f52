import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'

/** What takes a response can do with its call. */
interface AnsweredCall {
  /** Asks for one more message. */
  read(): void
  /** Gives the call up. */
  fail(error: RpcError): void
}

/** Takes what a server answers. */
export interface ResponseReceiver {
  push(bytes: Uint8Array, call: AnsweredCall): void
  /** The call is over; it failed if there is an error. Called once. */
  end(error?: unknown): void
}

/** Reads a message, or throws. */
interface Decoder {
  decode(bytes: Uint8Array): unknown
}

/** The response of a call that has one: read when the status says that all went well. */
export class SingleResponse implements ResponseReceiver {
  readonly #decoder: Decoder
  readonly #resolve: (response: unknown) => void
  readonly #reject: (thrown: unknown) => void
  #bytes: Uint8Array | undefined

  constructor(decoder: Decoder, resolve: (response: unknown) => void, reject: (thrown: unknown) => void) {
    this.#decoder = decoder
    this.#resolve = resolve
    this.#reject = reject
  }

  push(bytes: Uint8Array, call: AnsweredCall): void {
    if (this.#bytes) {
      call.fail(new RpcError(Code.UNIMPLEMENTED, 'more than one response message came'))
      return
    }
    this.#bytes = bytes
    // To see the end of the response, or that there is too much of it.
    call.read()
  }

  end(error?: unknown): void {
    if (error !== undefined) this.#reject(error)
    else if (this.#bytes) this.#decode(this.#bytes)
    else this.#reject(new RpcError(Code.UNIMPLEMENTED, 'no response message came'))
  }

  #decode(bytes: Uint8Array): void {
    try {
      this.#resolve(this.#decoder.decode(bytes))
    } catch (thrown) {
      this.#reject(thrown)
    }
  }
}
