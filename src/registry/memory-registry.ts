import { Registrations } from './registrations.js'
import type { Instance, Registration, Registry } from './registry.js'
import { aborted } from './scope.js'
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
  readonly #shows = new Map<string, () => void>()
  readonly #registrations = new Registrations()
  readonly #hub = new WatchHub((service, publish) => {
    const show = (): void => publish([...this.#instances.values()].filter(({ name }) => name === service))
    this.#shows.set(service, show)
    show()
    return () => this.#shows.delete(service)
  })

  register(instance: Instance, signal?: AbortSignal): Promise<Registration> {
    return this.#registrations.open(
      instance,
      async (life, visible) => {
        this.#instances.set(instance.id, instance)
        this.#shows.get(instance.name)?.()
        visible()
        await aborted(life)
        this.#remove(instance)
      },
      signal,
    )
  }

  watch(service: string, signal: AbortSignal): AsyncIterable<readonly Instance[]> {
    return this.#hub.watch(service, signal)
  }

  async services(): Promise<readonly string[]> {
    return [...new Set([...this.#instances.values()].map(({ name }) => name))].sort()
  }

  async close(): Promise<void> {
    this.#hub.close()
    await this.#registrations.close()
  }

  #remove(instance: Instance): void {
    // A later registration of the same id has taken the place: it stays.
    if (this.#instances.get(instance.id) !== instance) return
    this.#instances.delete(instance.id)
    this.#shows.get(instance.name)?.()
  }
}
