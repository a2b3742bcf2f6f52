import { type FSWatcher, watch } from 'node:fs'
import type { Clock } from '../../resilience/clock.js'
import { sleep } from '../../resilience/sleep.js'
import type { Instance } from '../registry.js'
import { Scope } from '../scope.js'
import type { Troubles } from '../troubles.js'
import type { EntryReader } from './entry-reader.js'

/** What a directory is watched with. */
export interface DirectoryWatchInit {
  readonly directory: string
  readonly reader: EntryReader
  /** The system does not tell of processes that die, nor of files on every file system: so it is looked this often, in ms. */
  readonly pollMs: number
  readonly clock: Clock
  readonly troubles: Troubles
}

type Listener = (instances: readonly Instance[]) => void

/** Follows the instances in a directory, as long as anybody listens. */
export class DirectoryWatch {
  readonly #init: DirectoryWatchInit
  readonly #listeners = new Set<Listener>()
  #stop: AbortController | undefined
  #instances: readonly Instance[] | undefined
  #rest: Scope | undefined
  #changed = false

  constructor(init: DirectoryWatchInit) {
    this.#init = init
  }

  /** Calls `listener` with all instances, first and after each change, until the returned function is called. */
  follow(listener: Listener): () => void {
    this.#listeners.add(listener)
    if (this.#instances) listener(this.#instances)
    if (!this.#stop) {
      this.#stop = new AbortController()
      void this.#run(this.#stop.signal)
    }
    return () => {
      this.#listeners.delete(listener)
      if (this.#listeners.size === 0) this.#end()
    }
  }

  #end(): void {
    this.#stop?.abort()
    this.#stop = undefined
    this.#instances = undefined
  }

  async #run(signal: AbortSignal): Promise<void> {
    let watcher: FSWatcher | undefined
    signal.addEventListener('abort', () => watcher?.close(), { once: true })
    while (!signal.aborted) {
      watcher ??= this.#listen(() => {
        watcher = undefined
      })
      this.#changed = false
      await this.#look(signal)
      if (!this.#changed) await this.#wait(signal)
    }
  }

  async #look(signal: AbortSignal): Promise<void> {
    const { directory, reader, troubles } = this.#init
    const trouble = `cannot read ${directory}`
    try {
      const instances = await reader.read()
      troubles.over(trouble)
      if (signal.aborted) return
      this.#instances = instances
      for (const listener of this.#listeners) listener(instances)
    } catch (error) {
      troubles.report(trouble, error)
    }
  }

  /** Waits for the next look: until it is time, or something changed, or the end. */
  async #wait(signal: AbortSignal): Promise<void> {
    const rest = new Scope(signal)
    this.#rest = rest
    await sleep(this.#init.pollMs, rest.signal, this.#init.clock).catch(() => {})
    rest.end()
  }

  /** Has the system tell of changes; `undefined` if it cannot, as where there is no directory yet. */
  #listen(ended: () => void): FSWatcher | undefined {
    try {
      const watcher = watch(this.#init.directory, { persistent: false }, (event) => {
        // Entries come, go and are replaced by 'rename'; 'change' is nothing but their signs of life.
        if (event === 'rename') this.#notice()
      })
      watcher.on('error', () => {
        watcher.close()
        ended()
      })
      return watcher
    } catch {
      return undefined
    }
  }

  #notice(): void {
    this.#changed = true
    this.#rest?.end()
  }
}
