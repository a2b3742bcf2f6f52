import type { ClientRequest } from 'node:http'

/** Writes one message. */
export type ToContent = (message: unknown) => string | Uint8Array

/** Writes a stream of messages into the body of a request, as fast as the server takes them. */
export class RequestWriter {
  readonly #request: ClientRequest
  readonly #messages: AsyncIterator<unknown>
  readonly #toContent: ToContent
  #closed = false

  constructor(request: ClientRequest, messages: AsyncIterable<unknown>, toContent: ToContent) {
    this.#request = request
    this.#messages = messages[Symbol.asyncIterator]()
    this.#toContent = toContent
  }

  /** Writes all messages and ends the request; rejects with what the stream throws. */
  async run(): Promise<void> {
    for (let next = await this.#messages.next(); !next.done; next = await this.#messages.next()) {
      if (this.#closed) return
      if (!this.#request.write(this.#toContent(next.value))) await this.#room()
    }
    if (this.#closed) return
    this.#closed = true
    this.#request.end()
  }

  /** Lets the stream go, without waiting for it; a request that is not complete by then is given up. */
  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#messages.return?.().catch(() => {})
    this.#request.destroy()
  }

  #room(): Promise<void> {
    const request = this.#request
    return new Promise((resolve) => {
      const settle = (): void => {
        request.off('drain', settle).off('close', settle)
        resolve()
      }
      request.on('drain', settle).on('close', settle)
      if (request.destroyed) settle()
    })
  }
}
