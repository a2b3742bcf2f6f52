import { Alarm } from '../limit/alarm.js'
import type { Timers } from '../options.js'
import type { SendQueue } from './send-queue.js'

/** What can stand still. */
interface Stallable {
  readonly queue: SendQueue | undefined
}

/** All that there are at a time. */
interface Members<Member> {
  values(): Iterable<Member>
}

/** Looks, while anything is queued, for streams of which no byte went out for too long. */
export class StallWatch<Member extends Stallable> {
  readonly #timers: Timers
  readonly #alarm: Alarm
  readonly #ms: number
  readonly #stalled: (stream: Member) => void
  #stopped = false

  constructor(timers: Timers, ms: number, stalled: (stream: Member) => void) {
    this.#timers = timers
    this.#alarm = new Alarm(timers)
    this.#ms = ms
    this.#stalled = stalled
  }

  /** Watches `streams`, for as long as there is something queued. */
  start(streams: Members<Member>): void {
    if (!this.#stopped && !this.#alarm.isSet) this.#alarm.set(this.#ms, () => this.#look(streams))
  }

  /** Watches no more, for good. */
  stop(): void {
    this.#stopped = true
    this.#alarm.clear()
  }

  #look(streams: Members<Member>): void {
    const now = this.#timers.now()
    let oldest: number | undefined
    for (const stream of streams.values()) {
      const since = stream.queue?.progressAt
      if (since === undefined) continue
      if (now - since >= this.#ms) this.#stalled(stream)
      else if (oldest === undefined || since < oldest) oldest = since
    }
    if (oldest !== undefined && !this.#stopped) this.#alarm.set(oldest + this.#ms - now, () => this.#look(streams))
  }
}
