import type { Instance, Registration } from './registry.js'

/** A registration that ends once: by its disposal, by `signal`, or by the registry that closes. */
export class LiveRegistration implements Registration {
  readonly instance: Instance
  readonly #end: () => Promise<void>
  readonly #signal: AbortSignal | undefined
  readonly #abort = (): void => void this[Symbol.asyncDispose]()
  #ended: Promise<void> | undefined

  /** `end` deregisters and must not reject. */
  constructor(instance: Instance, end: () => Promise<void>, signal?: AbortSignal) {
    this.instance = instance
    this.#end = end
    this.#signal = signal
    if (signal?.aborted) this.#abort()
    else signal?.addEventListener('abort', this.#abort, { once: true })
  }

  [Symbol.asyncDispose](): Promise<void> {
    this.#signal?.removeEventListener('abort', this.#abort)
    this.#ended ??= this.#end()
    return this.#ended
  }
}
