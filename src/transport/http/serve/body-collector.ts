import { tooLarge } from '../error.js'
import { Gathered } from '../wire/gathered.js'
import type { TakeBody } from './http-message.js'

/** The body of a request that has none. */
export const NO_BODY: Buffer = Buffer.alloc(0)

/** What is said of a body, or of a line of it, that is too long. */
export function overLimit(limit: number): Error {
  return tooLarge(413, `the request is longer than ${limit} bytes`)
}

/** Collects a body of at most `limit` bytes. However small its pieces are, it takes no more than twice its size. */
export class BodyCollector {
  readonly #limit: number
  readonly #take: TakeBody
  readonly #gathered = new Gathered()
  #isOver = false

  constructor(limit: number, take: TakeBody) {
    this.#limit = limit
    this.#take = take
  }

  add(bytes: Buffer): void {
    if (this.#isOver) return
    if (this.#gathered.size + bytes.length <= this.#limit) {
      this.#gathered.add(bytes)
      return
    }
    this.#isOver = true
    this.#gathered.take()
    this.#take(overLimit(this.#limit), NO_BODY)
  }

  end(): void {
    if (!this.#isOver) this.#take(undefined, this.#gathered.take())
  }
}
