import { readUint32 } from '../frame/bytes.js'
import { writePing } from '../frame/control-frames.js'
import type { Output } from '../frame/output.js'

/** Marks pings that are ours. */
const mark = 0x746b_6974

/** The pings of this side that wait for an answer. */
export class Pings {
  readonly #output: Output
  #waiting: Map<number, () => void> | undefined
  #last = 0

  constructor(output: Output) {
    this.#output = output
  }

  /** Sends a ping; `answered` is called when its answer comes, if it does. */
  send(answered: () => void): void {
    this.#last = (this.#last + 1) >>> 0
    this.#waiting ??= new Map()
    this.#waiting.set(this.#last, answered)
    writePing(this.#output, mark, this.#last)
  }

  /** Takes an answer, whose eight bytes are at `at`; false if nothing was asked. */
  receive(bytes: Uint8Array, at: number): boolean {
    const id = readUint32(bytes, at + 4)
    const answered = this.#waiting?.get(id)
    if (answered === undefined || readUint32(bytes, at) !== mark) return false
    this.#waiting?.delete(id)
    answered()
    return true
  }
}
