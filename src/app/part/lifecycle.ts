import type { Clock } from '../../resilience/clock.js'
import type { Component } from './component.js'
import { named, within } from './within.js'

const STOP_TIMEOUT_MS = 10_000

/** Starts parts one after the other, and stops those that have started, in reverse. */
export class Lifecycle {
  readonly #parts: readonly Component[]
  readonly #clock: Clock
  readonly #started: Component[] = []

  constructor(parts: readonly Component[], clock: Clock) {
    this.#parts = parts
    this.#clock = clock
  }

  /** Starts all parts. Rejects with what the first to fail threw, named after it; `stop` then stops the others. */
  async start(signal: AbortSignal): Promise<void> {
    for (const part of this.#parts) {
      signal.throwIfAborted()
      await this.#startPart(part, signal).catch((cause) => {
        throw named(`${part.name} did not start`, cause)
      })
      this.#started.push(part)
    }
    signal.throwIfAborted()
  }

  /** Stops what has started, and goes on whatever fails. Returns what did. */
  async stop(): Promise<readonly Error[]> {
    const errors: Error[] = []
    for (let part = this.#started.pop(); part; part = this.#started.pop()) {
      const { name, stopTimeoutMs = STOP_TIMEOUT_MS } = part
      const stop = part.stop?.bind(part)
      await within(stopTimeoutMs, async () => stop?.(), this.#clock).catch((cause) => {
        errors.push(named(`${name} did not stop`, cause))
      })
    }
    return errors
  }

  async #startPart(part: Component, signal: AbortSignal): Promise<void> {
    const starting = (async () => part.start?.(signal))()
    const aborted = onceAborted(signal)
    try {
      await Promise.race([starting, aborted.promise])
    } finally {
      aborted.forget()
    }
    if (!signal.aborted) return
    await within(part.stopTimeoutMs ?? STOP_TIMEOUT_MS, () => starting, this.#clock).catch((cause) => {
      // A start that goes on although it was given up must not succeed behind everybody's back.
      starting.then(() => part.stop?.()).catch(() => {})
      throw cause
    })
  }
}

function onceAborted(signal: AbortSignal): { promise: Promise<void>; forget(): void } {
  let forget = (): void => {}
  const promise = new Promise<void>((resolve) => {
    const abort = (): void => resolve()
    signal.addEventListener('abort', abort, { once: true })
    forget = () => signal.removeEventListener('abort', abort)
  })
  return { promise, forget }
}
