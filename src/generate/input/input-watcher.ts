import { type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

/** How long nothing may have changed before it is read: editors write in several steps. */
const SETTLE_MS = 30

/** Tells when contracts change. */
export class InputWatcher implements Disposable {
  readonly #watchers = new Map<string, FSWatcher>()
  readonly #signal: AbortSignal
  /** Names of files that are watched although they are no `.proto`. */
  readonly #named = new Set<string>()
  #changes = 0
  #wake = (): void => {}

  constructor(signal: AbortSignal) {
    this.#signal = signal
  }

  /** Watches files and folders, folders at any depth, beside those that it watches already. */
  watch(paths: readonly string[]): void {
    for (const path of paths) {
      const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
      if (!isFolder) this.#named.add(basename(path))
      // A file is watched where it is: whoever replaces it by another makes no change to itself.
      this.#open(resolve(isFolder ? path : dirname(path)), isFolder)
    }
  }

  /** Resolves when something has changed since the last call and nothing does any more; with `false` when it is over. */
  async changed(): Promise<boolean> {
    while (this.#changes === 0 && !this.#signal.aborted) await this.#nextEvent()
    while (this.#changes > 0 && !this.#signal.aborted) {
      this.#changes = 0
      await sleep(SETTLE_MS, undefined, { signal: this.#signal }).catch(() => {})
    }
    return !this.#signal.aborted
  }

  [Symbol.dispose](): void {
    for (const watcher of this.#watchers.values()) watcher.close()
    this.#watchers.clear()
  }

  #nextEvent(): Promise<void> {
    return new Promise((done) => {
      this.#wake = done
      this.#signal.addEventListener('abort', () => done(), { once: true })
    })
  }

  #open(folder: string, recursive: boolean): void {
    const key = recursive ? `${folder}/**` : folder
    if (this.#watchers.has(key)) return
    try {
      const watcher = watch(folder, { recursive }, (_, file) => this.#note(file))
      // A folder that goes away has nothing more to tell.
      watcher.on('error', () => {
        watcher.close()
        this.#watchers.delete(key)
      })
      this.#watchers.set(key, watcher)
    } catch {
      // There is no such folder: what reads from it says so.
    }
  }

  #note(file: string | null): void {
    const name = basename(file ?? '')
    if (file !== null && !/\.proto$|^buf(\.work)?\.yaml$/.test(name) && !this.#named.has(name)) return
    this.#changes += 1
    this.#wake()
  }
}
