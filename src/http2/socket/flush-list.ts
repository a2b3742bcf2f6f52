/** Something that writes what it has when it is told to. */
export interface Flushable {
  flush(): void
}

/**
 * Flushes whoever asked, once, when all that is to happen in this tick has happened: one `setImmediate` for the whole
 * process however many ask.
 */
export class FlushList {
  #waiting: Flushable[] = []
  #flushing: Flushable[] = []
  readonly #run = (): void => this.#flush()

  /** Has `member` flushed soon. It may ask again from then on. */
  add(member: Flushable): void {
    if (this.#waiting.push(member) === 1) setImmediate(this.#run)
  }

  #flush(): void {
    const members = this.#waiting
    this.#waiting = this.#flushing
    this.#flushing = members
    for (let index = 0; index < members.length; index++) (members[index] as Flushable).flush()
    members.length = 0
  }
}
