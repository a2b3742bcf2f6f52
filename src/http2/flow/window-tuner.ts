/** Parts of the window that arrive before a round trip is measured: more each time that it showed nothing. */
const firstWait = 1 / 8
const longestWait = 16

/**
 * Watches how much content arrives within one round trip of a PING. Windows are given back by halves: where half a
 * window or more arrives, the window is what holds the other side back. Nothing is asked while little arrives, and less
 * and less often while nothing changes.
 */
export class WindowTuner {
  #arrived = 0
  #wait = firstWait
  #asking = false

  /** Counts content; true if a PING is to be sent, whose answer goes to `answered`. */
  receive(bytes: number, window: number): boolean {
    this.#arrived += bytes
    if (this.#asking || this.#arrived < window * this.#wait) return false
    this.#asking = true
    this.#arrived = Math.min(this.#arrived, window * firstWait)
    return true
  }

  /** Takes the answer; true if in the meantime, and just before, half of `window` arrived. */
  answered(window: number): boolean {
    const isFull = this.#arrived * 2 >= window
    this.#asking = false
    this.#arrived = 0
    this.#wait = isFull ? firstWait : Math.min(this.#wait * 2, longestWait)
    return isFull
  }
}
