/** How a stream that is over ended. */
export const Ending = {
  /** It never was, or was forgotten. */
  UNKNOWN: 0,
  /** Both sides ended it. */
  ENDED: 1,
  /** This side reset it: frames may still be on their way. */
  RESET_HERE: 2,
  /** The other side reset it. */
  RESET_THERE: 3,
} as const

/** One of the endings above. */
export type Ending = (typeof Ending)[keyof typeof Ending]

const endedKept = 64

/** Remembers how the last streams ended: 64 that ended in any other way, and as many as asked that this side reset. */
export class ClosedStreams {
  readonly #resetKept: number
  #ended: Int32Array | undefined
  #endings: Uint8Array | undefined
  #next = 0
  #reset: Set<number> | undefined

  constructor(resetKept: number) {
    this.#resetKept = resetKept
  }

  /** Remembers a stream. */
  add(id: number, ending: Ending): void {
    if (ending === Ending.RESET_HERE) this.#addReset(id)
    else {
      this.#ended ??= new Int32Array(endedKept)
      this.#endings ??= new Uint8Array(endedKept)
      this.#ended[this.#next] = id
      this.#endings[this.#next] = ending
      this.#next = (this.#next + 1) % endedKept
    }
  }

  /** The other side reset a stream that had ended already: what it still sends on it is a fault of the stream alone. */
  resetAfterEnd(id: number): void {
    const place = this.#ended?.indexOf(id) ?? -1
    if (place >= 0 && this.#endings !== undefined) this.#endings[place] = Ending.RESET_THERE
  }

  /** How a stream ended. */
  of(id: number): Ending {
    if (this.#reset?.has(id)) return Ending.RESET_HERE
    const place = this.#ended?.indexOf(id) ?? -1
    return place < 0 ? Ending.UNKNOWN : (this.#endings?.[place] as Ending)
  }

  #addReset(id: number): void {
    this.#reset ??= new Set()
    const reset = this.#reset
    reset.add(id)
    // A set lists its members in the order in which they came.
    if (reset.size > this.#resetKept) for (const oldest of reset) return void reset.delete(oldest)
  }
}
