import { resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Clock, systemClock } from '../../resilience/clock.js'
import { type KeepRegistered, Registrations } from '../registrations.js'
import type { Instance, Registration, Registry, RegistryOptions } from '../registry.js'
import { Troubles } from '../troubles.js'
import { WatchHub } from '../watch-hub.js'
import { DirectoryWatch } from './directory-watch.js'
import { EntryFile } from './entry-file.js'
import { EntryReader } from './entry-reader.js'

/** How a directory serves as a registry. */
export interface FileRegistryOptions extends RegistryOptions {
  /** How often to look for processes that died, in ms; 200 by default. Files that come and go are noticed at once. */
  readonly pollMs?: number | undefined
  /** How often an entry gives a sign of life, and is written again if somebody removed it, in ms; 1,000 by default. */
  readonly heartbeatMs?: number | undefined
  readonly clock?: Clock | undefined
}

/**
 * A registry in a directory, for several processes on one machine and no server to run: one JSON file for each instance, in
 * the form that Kratos has on etcd, and the process that wrote it.
 *
 * An entry goes when its process does, however that ended, and whoever looks next cleans up. Across containers and machines
 * that share the directory, where nobody can ask for the process, it goes after 10 s without a sign of life. An entry
 * that was written by hand, without a process, stays. The directory is made when the first instance registers.
 */
export function fileRegistry(directory: string, options: FileRegistryOptions = {}): Registry {
  return new FileRegistry(resolve(directory), options)
}

/** The directory of a `file:` URL: `file:///tmp/shop` is absolute, `file:shop` relative. */
export function directoryOf(url: string): string {
  const path = url.slice('file:'.length)
  if (/[?#]/.test(path)) throw new TypeError(`registry '${url}': a file registry takes no options in its URL`)
  const directory = path.startsWith('/') ? fileURLToPath(url) : decodeURIComponent(path)
  if (directory === '') throw new TypeError(`registry '${url}' names no directory: expected file:///PATH`)
  return directory
}

class FileRegistry implements Registry {
  readonly #directory: string
  readonly #heartbeatMs: number
  readonly #clock: Clock
  readonly #troubles: Troubles
  readonly #hub: WatchHub
  /** The entries of this process, each path with the one who wrote it last. */
  readonly #files = new Map<string, EntryFile>()
  readonly #registrations = new Registrations()

  constructor(directory: string, options: FileRegistryOptions) {
    this.#directory = directory
    this.#heartbeatMs = options.heartbeatMs ?? 1_000
    this.#clock = options.clock ?? systemClock
    this.#troubles = new Troubles(options)
    const reader = new EntryReader(directory, this.#troubles)
    const { pollMs = 200 } = options
    const watch = new DirectoryWatch({ directory, reader, pollMs, clock: this.#clock, troubles: this.#troubles })
    this.#hub = new WatchHub((service, publish) => {
      return watch.follow((instances) => publish(instances.filter(({ name }) => name === service)))
    })
  }

  register(instance: Instance, signal?: AbortSignal): Promise<Registration> {
    const init = { directory: this.#directory, instance, heartbeatMs: this.#heartbeatMs }
    const file = new EntryFile({ ...init, clock: this.#clock, troubles: this.#troubles })
    const keep: KeepRegistered = async (life, visible) => {
      this.#files.set(file.path, file)
      await file.keep(life, visible)
      await this.#remove(file)
    }
    return this.#registrations.open(instance, keep, signal)
  }

  watch(service: string, signal: AbortSignal): AsyncIterable<readonly Instance[]> {
    return this.#hub.watch(service, signal)
  }

  async services(): Promise<readonly string[]> {
    const instances = await new EntryReader(this.#directory, this.#troubles).read()
    return [...new Set(instances.map(({ name }) => name))].sort()
  }

  async close(): Promise<void> {
    this.#hub.close()
    await this.#registrations.close()
  }

  async #remove(file: EntryFile): Promise<void> {
    // A later registration of the same instance has taken the file over.
    if (this.#files.get(file.path) !== file) return
    this.#files.delete(file.path)
    const trouble = `cannot remove ${file.path}`
    await file.remove().catch((error: unknown) => this.#troubles.report(trouble, error))
  }
}
