import { type Clock, Roster } from '../../kernel.js'
import type { HttpRequest } from './http-message.js'

/** A request that is to arrive within a time. */
export interface Arrival {
  readonly request: Pick<HttpRequest, 'complete' | 'moved' | 'socket'>
  /** The messages of a stream, which may take as long as they like as long as they come; `undefined` for all else. */
  messages(): { readonly isAwaited: boolean } | undefined
  /** It took too long; called again if it still has not arrived after another such time. */
  late(): void
}

/** How long requests may take. */
export interface ArrivalsInit {
  readonly clock: Clock
  /** Of a stream the longest time in which nothing moves, else that for the whole, in ms; 0 is without end. */
  readonly timeoutMs: number
}

/** A request that is waited for. */
interface Awaited {
  readonly arrival: Arrival
  /** When its time began. */
  since: number
  /** What had moved at the last look. */
  moved: number
  place: Place | undefined
}

/** Where a request stands among those that are waited for. */
export type Place = ReturnType<Roster<Awaited>['add']>

/** Streams are looked at so many times before they are late. */
const LOOKS = 4

/**
 * Looks after requests that are still arriving, with one timer for all of them. A stream is late when nothing has moved on
 * it, either way, while its handler waited for the next message.
 */
export class Arrivals {
  readonly #clock: Clock
  readonly #timeoutMs: number
  readonly #awaited = new Roster<Awaited>()
  #cancelTimer: (() => void) | undefined

  constructor({ clock, timeoutMs }: ArrivalsInit) {
    this.#clock = clock
    this.#timeoutMs = Number.isFinite(timeoutMs) ? timeoutMs : 0
  }

  /** Looks after a request until it has arrived; the result lets it go before. */
  watch(arrival: Arrival): Place | undefined {
    if (this.#timeoutMs === 0) return undefined
    const awaited: Awaited = { arrival, since: this.#clock.now(), moved: -1, place: undefined }
    awaited.place = this.#awaited.add(awaited)
    if (!this.#cancelTimer) this.#wait()
    return awaited.place
  }

  /** Lets a request go. */
  leave(place: Place): void {
    this.#awaited.remove(place)
    if (this.#awaited.size === 0) this.stop()
  }

  /** Looks after nothing any more. */
  stop(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  #look(): void {
    const now = this.#clock.now()
    this.#cancelTimer = undefined
    for (const awaited of this.#awaited.members()) this.#judge(awaited, now)
    if (this.#awaited.size > 0 && !this.#cancelTimer) this.#wait()
  }

  #judge(awaited: Awaited, now: number): void {
    const { arrival, moved, place } = awaited
    const { request } = arrival
    if (request.complete || request.socket.destroyed) {
      if (place) this.#awaited.remove(place)
      return
    }
    awaited.moved = request.moved
    const messages = arrival.messages()
    const goesOn = messages !== undefined && (!messages.isAwaited || awaited.moved !== moved)
    if (goesOn) awaited.since = now
    if (now - awaited.since < this.#timeoutMs) return
    awaited.since = now
    arrival.late()
  }

  #wait(): void {
    this.#cancelTimer = this.#clock.schedule(this.#timeoutMs / LOOKS, () => this.#look())
  }
}
