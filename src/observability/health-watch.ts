import type { ServingStatus } from './serving-status.js'

/** What a watch needs of the health that it follows. */
export interface HealthWatchOptions {
  /** The present status. */
  read(): ServingStatus
  /** True once no further change can come. */
  over(): boolean
  /** Called once, when the watch is of no more use. */
  ended(): void
  readonly signal: AbortSignal | undefined
}

/** One stream of the statuses of a service, without repetition. `return` ends it even while a `next` waits. */
export class HealthWatch implements AsyncIterableIterator<ServingStatus> {
  readonly #options: HealthWatchOptions
  readonly #stop = (): void => this.#end()
  #last: ServingStatus | undefined
  #ended = false
  #waiting: (() => void)[] = []

  constructor(options: HealthWatchOptions) {
    this.#options = options
    options.signal?.addEventListener('abort', this.#stop, { once: true })
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<ServingStatus>> {
    for (;;) {
      if (this.#ended || this.#options.signal?.aborted) return this.return()
      const status = this.#options.read()
      if (status !== this.#last) {
        this.#last = status
        return { done: false, value: status }
      }
      if (this.#options.over()) return this.return()
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    }
  }

  async return(): Promise<IteratorResult<ServingStatus>> {
    this.#end()
    return { done: true, value: undefined }
  }

  /** Something may have changed. */
  wake(): void {
    const waiting = this.#waiting
    this.#waiting = []
    for (const resolve of waiting) resolve()
  }

  #end(): void {
    if (this.#ended) return
    this.#ended = true
    this.#options.signal?.removeEventListener('abort', this.#stop)
    this.#options.ended()
    this.wake()
  }
}
