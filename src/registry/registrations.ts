import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import type { Instance, Registration } from './registry.js'
import { aborted, Scope } from './scope.js'

/**
 * Keeps an instance registered until `life` aborts, then deregisters it and resolves; calls `visible` when it is there for
 * the first time. Never rejects.
 */
export type KeepRegistered = (life: AbortSignal, visible: () => void) => Promise<void>

/** The registrations that a registry holds: each ends once, by its disposal, by its signal, or with the registry. */
export class Registrations {
  readonly #open = new Set<Registration>()
  #closed = false

  /** Registers an instance; resolves, or rejects, as `Registrar.register` promises. */
  async open(instance: Instance, keep: KeepRegistered, signal?: AbortSignal): Promise<Registration> {
    if (this.#closed) throw new RpcError(Code.FAILED_PRECONDITION, 'the registry is closed')
    signal?.throwIfAborted()
    const life = new Scope(signal ?? new AbortController().signal)
    let kept: Promise<void> = Promise.resolve()
    const end = (): Promise<void> => {
      life.end()
      return kept
    }
    const registration = { instance, [Symbol.asyncDispose]: end }
    this.#open.add(registration)
    const visible = new Promise<void>((resolve) => {
      kept = keep(life.signal, resolve).then(() => void this.#open.delete(registration))
    })
    await Promise.race([visible, aborted(life.signal)])
    if (life.signal.aborted) throw signal?.reason ?? new RpcError(Code.CANCELLED, 'the registry was closed')
    return registration
  }

  /** Ends all registrations, and takes no more. */
  async close(): Promise<void> {
    this.#closed = true
    await Promise.all([...this.#open].map((registration) => registration[Symbol.asyncDispose]()))
  }
}
