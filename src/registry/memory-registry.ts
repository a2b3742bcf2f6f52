import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import { LiveRegistration } from './registration.js'
import type { Instance, Registration, Registry } from './registry.js'
import { WatchHub } from './watch-hub.js'

/**
 * A registry within one process, for tests and for everything in one program. The object is the registry: who holds it
 * sees what it holds. There is no hidden state behind it, so the URL `memory:///` always opens a fresh, empty one.
 */
export function memoryRegistry(): Registry {
  return new MemoryRegistry()
}

class MemoryRegistry implements Registry {
  readonly #instances = new Map<string, Instance>()
  readonly #followers = new Map<string, () => void>()
  readonly #hub = new WatchHub((service, publish) => {
    const show = (): void => publish(this.#named(service))
    this.#followers.set(service, show)
    show()
    return () => this.#followers.delete(service)
  })
  #closed = false

  async register(instance: Instance, signal?: AbortSignal): Promise<Registration> {
    signal?.throwIfAborted()
    if (this.#closed) throw new RpcError(Code.FAILED_PRECONDITION, 'the registry is closed')
    this.#instances.set(instance.id, instance)
    this.#followers.get(instance.name)?.()
    return new LiveRegistration(instance, async () => this.#remove(instance), signal)
  }

  watch(service: string, signal: AbortSignal): AsyncIterable<readonly Instance[]> {
    return this.#hub.watch(service, signal)
  }

  async services(): Promise<readonly string[]> {
    return [...new Set([...this.#instances.values()].map(({ name }) => name))].sort()
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#hub.close()
    this.#instances.clear()
  }

  #named(service: string): readonly Instance[] {
    return [...this.#instances.values()].filter(({ name }) => name === service)
  }

  #remove(instance: Instance): void {
    // A later registration of the same id has taken the place: it stays.
    if (this.#instances.get(instance.id) !== instance) return
    this.#instances.delete(instance.id)
    this.#followers.get(instance.name)?.()
  }
}
