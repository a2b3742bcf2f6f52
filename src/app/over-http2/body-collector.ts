import type { TakeBody } from '../../transport/http/serve/http-message.js'
import { NO_BODY, overLimit } from '../../transport/http/serve/incoming-request.js'

/** Collects a body of at most `limit` bytes. However small its pieces are, it takes no more than twice its size. */
export class BodyCollector {
  readonly #limit: number
  readonly #take: TakeBody
  #buffer: Buffer = NO_BODY
  #size = 0

  constructor(limit: number, take: TakeBody) {
    this.#limit = limit
    this.#take = take
  }

  add(bytes: Buffer): void {
    const before = this.#size
    if (before > this.#limit) return
    this.#size += bytes.length
    if (this.#size > this.#limit) this.#refuse()
    else if (before === 0) this.#buffer = bytes
    else this.#append(before, bytes)
  }

  end(): void {
    if (this.#size <= this.#limit) this.#take(undefined, this.#buffer.subarray(0, this.#size))
  }

  #append(before: number, bytes: Buffer): void {
    if (this.#buffer.length < this.#size) {
      const larger = Buffer.allocUnsafe(Math.min(this.#limit, 2 * this.#size))
      this.#buffer.copy(larger, 0, 0, before)
      this.#buffer = larger
    }
    bytes.copy(this.#buffer, before)
  }

  #refuse(): void {
    this.#buffer = NO_BODY
    this.#take(overLimit(this.#limit), NO_BODY)
  }
}
