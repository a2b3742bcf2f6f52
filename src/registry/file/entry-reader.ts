import type { Stats } from 'node:fs'
import { readdir, readFile, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { instanceFromJson, parseJson } from '../instance-json.js'
import type { Instance } from '../registry.js'
import type { Troubles } from '../troubles.js'
import { isAlive, markFromJson, ownMark, type ProcessMark } from './process-mark.js'

/** No entry is as large; reading a huge file that strayed in would only hurt. */
const MAX_ENTRY_BYTES = 1_048_576
/** A draft that is this old was left behind by a process that died while it wrote. */
const DRAFT_MS = 60_000

interface Entry {
  /** What the file looked like when it was read. */
  readonly stamp: string
  readonly text: string
  /** `undefined` if it could not be read. */
  readonly instance: Instance | undefined
  /** Absent in an entry that somebody wrote by hand: it is there until they remove it. */
  readonly process: ProcessMark | undefined
}

/** Reads the entries of a directory; removes those of dead processes. Instances that did not change stay the same objects. */
export class EntryReader {
  readonly #directory: string
  readonly #troubles: Troubles
  readonly #own = ownMark()
  #entries: ReadonlyMap<string, Entry> = new Map()

  constructor(directory: string, troubles: Troubles) {
    this.#directory = directory
    this.#troubles = troubles
  }

  /** The instances that are alive, in the order of their files. A directory that is not there has none. */
  async read(): Promise<readonly Instance[]> {
    const names = (await this.#list()).sort()
    const entries = new Map<string, Entry>()
    for (const [index, entry] of (await Promise.all(names.map((name) => this.#check(name)))).entries()) {
      if (entry) entries.set(names[index] ?? '', entry)
    }
    this.#entries = entries
    return [...entries.values()].flatMap(({ instance }) => instance ?? [])
  }

  async #list(): Promise<string[]> {
    try {
      return await readdir(this.#directory)
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }

  async #check(name: string): Promise<Entry | undefined> {
    const path = join(this.#directory, name)
    try {
      const stats = await stat(path)
      const silentMs = Date.now() - stats.mtimeMs
      if (name.endsWith('.draft') && silentMs > DRAFT_MS) await rm(path, { force: true })
      if (!name.endsWith('.json') || !stats.isFile()) return undefined
      const entry = await this.#readEntry(name, path, stats)
      if (!entry.process || isAlive(entry.process, this.#own, silentMs)) return entry
      await removeIfStill(path, entry.stamp)
    } catch (error) {
      // It went while it was looked at; anything else is worth telling.
      if (!isMissing(error)) this.#troubles.report(`cannot read ${path}`, error)
    }
    return undefined
  }

  async #readEntry(name: string, path: string, stats: Stats): Promise<Entry> {
    const known = this.#entries.get(name)
    const stamp = stampOf(stats)
    if (known?.stamp === stamp) return known
    if (stats.size > MAX_ENTRY_BYTES) throw new TypeError(`${stats.size} bytes are more than an entry has`)
    const text = await readFile(path, 'utf8')
    if (known?.text === text) return { ...known, stamp }
    return { stamp, text, ...this.#parse(path, text) }
  }

  #parse(path: string, text: string): Pick<Entry, 'instance' | 'process'> {
    const trouble = `skipped ${path}`
    try {
      const json = parseJson(text)
      const instance = instanceFromJson(json)
      this.#troubles.over(trouble)
      return { instance, process: markFromJson((json as { process?: unknown }).process) }
    } catch (error) {
      this.#troubles.report(trouble, error)
      return { instance: undefined, process: undefined }
    }
  }
}

/** Removes a file unless it was replaced, or gave a sign of life, since it was judged. */
async function removeIfStill(path: string, stamp: string): Promise<void> {
  if (stampOf(await stat(path)) === stamp) await rm(path, { force: true })
}

function stampOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`
}

function isMissing(error: unknown): boolean {
  return (error as NodeJS.ErrnoException).code === 'ENOENT'
}
