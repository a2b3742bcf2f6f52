import { type Clock, systemClock } from '../resilience/clock.js'

/** Throws or rejects if something that the process needs does not work. `signal` aborts when its time is over. */
export type HealthCheck = (signal: AbortSignal) => unknown

/** When and for how long a check runs. */
export interface CheckOptions {
  /** Which question the check answers; `readiness` by default. */
  readonly kind?: 'readiness' | 'liveness' | undefined
  /** The check has failed if it takes longer, in ms; 1,000 by default. */
  readonly timeoutMs?: number | undefined
}

/** What one check found. */
export interface CheckResult {
  readonly name: string
  readonly ok: boolean
  /** Why it failed. For this side: texts of errors may tell more than a stranger should know. */
  readonly error: unknown
}

/** What all checks found. */
export interface HealthReport {
  /** True if all of them passed. */
  readonly ok: boolean
  readonly checks: readonly CheckResult[]
}

interface Entry {
  readonly name: string
  readonly check: HealthCheck
  readonly kind: 'readiness' | 'liveness'
  readonly timeoutMs: number
}

/** The checks of a process. They run when they are asked for, all at once, each within its own time. */
export class HealthChecks {
  readonly #entries = new Set<Entry>()
  readonly #clock: Clock

  constructor(clock: Clock = systemClock) {
    this.#clock = clock
  }

  /** Adds a check; returns how to remove it. */
  add(name: string, check: HealthCheck, options: CheckOptions = {}): () => void {
    const { kind = 'readiness', timeoutMs = 1000 } = options
    const entry = { name, check, kind, timeoutMs }
    this.#entries.add(entry)
    return () => {
      this.#entries.delete(entry)
    }
  }

  /** Runs all checks of a kind. Never rejects. */
  async run(kind: 'readiness' | 'liveness'): Promise<HealthReport> {
    const asked = [...this.#entries].filter((entry) => entry.kind === kind)
    const checks = await Promise.all(asked.map((entry) => this.#runOne(entry)))
    return { ok: checks.every((check) => check.ok), checks }
  }

  async #runOne({ name, check, timeoutMs }: Entry): Promise<CheckResult> {
    const controller = new AbortController()
    let cancel = (): void => {}
    const late = new Promise<never>((_, reject) => {
      cancel = this.#clock.schedule(timeoutMs, () => {
        const error = new Error(`the check took longer than ${timeoutMs} ms`)
        controller.abort(error)
        reject(error)
      })
    })
    try {
      await Promise.race([(async () => check(controller.signal))(), late])
      return { name, ok: true, error: undefined }
    } catch (error) {
      return { name, ok: false, error }
    } finally {
      cancel()
    }
  }
}
