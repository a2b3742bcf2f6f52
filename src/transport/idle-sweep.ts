import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../resilience/clock.js'

/** What a sweep is given. */
export interface IdleSweepInit {
  readonly clock: Clock
  /** How long a connection may be idle, in ms; 0 is without end. */
  readonly timeoutMs: number
  /** The connections that a request is running on. */
  busySockets(): ReadonlySet<Duplex>
}

interface Watched {
  /** Since when nothing was seen to move. */
  since: number
  /** What had moved at the last look, in bytes. */
  moved: number
}

/** Connections are looked at so many times before they have been idle for too long. */
const LOOKS = 4

/**
 * Closes connections that have been idle for the time-out after an answer, or up to a quarter longer: with one timer for
 * all of them, where a timer for each would be set and cleared at every request.
 */
export class IdleSweep {
  readonly #init: IdleSweepInit
  readonly #watched = new Map<Socket, Watched>()
  #cancelTimer: (() => void) | undefined

  constructor(init: IdleSweepInit) {
    this.#init = init
  }

  /** Looks after a connection until it closes. */
  watch(socket: Socket): void {
    if (this.#init.timeoutMs === 0) return
    this.#watched.set(socket, { since: this.#init.clock.now(), moved: -1 })
    socket.once('close', () => {
      this.#watched.delete(socket)
      if (this.#watched.size === 0) this.stop()
    })
    if (!this.#cancelTimer) this.#wait()
  }

  /** Looks after nothing any more. */
  stop(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
  }

  #look(): void {
    const { clock, timeoutMs } = this.#init
    const now = clock.now()
    const busy = this.#init.busySockets()
    for (const [socket, watched] of [...this.#watched]) {
      const moved = socket.bytesRead + socket.bytesWritten
      // One that was never answered has the time that a request may take to arrive.
      if (busy.has(socket) || moved !== watched.moved || socket.bytesWritten === 0) {
        watched.since = now
        watched.moved = moved
      } else if (now - watched.since >= timeoutMs) socket.destroy()
    }
    this.#wait()
  }

  #wait(): void {
    const { clock, timeoutMs } = this.#init
    this.#cancelTimer = clock.schedule(timeoutMs / LOOKS, () => this.#look())
  }
}
