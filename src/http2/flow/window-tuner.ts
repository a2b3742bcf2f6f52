/**
 * Watches how much content arrives within one round trip of a PING. Where that is most of the window, the window is what
 * holds the other side back. Nothing is asked while little arrives.
 */
export class WindowTuner {
  #sample = 0
  #asking = false

  /** Counts content; true if a PING is to be sent, whose answer goes to `answered`. */
  receive(bytes: number, window: number): boolean {
    this.#sample += bytes
    if (this.#asking || this.#sample * 8 < window) return false
    this.#asking = true
    return true
  }

  /** Takes the answer; returns how much arrived since the PING was sent, and just before. */
  answered(): number {
    const arrived = this.#sample
    this.#asking = false
    this.#sample = 0
    return arrived
  }
}
