import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Clock } from '../../resilience/clock.js'
import { sleep } from '../../resilience/sleep.js'
import { instanceToJson } from '../instance-json.js'
import type { Instance } from '../registry.js'
import type { Troubles } from '../troubles.js'
import { ownMark } from './process-mark.js'

/** What an entry is kept with. */
export interface EntryFileInit {
  readonly directory: string
  readonly instance: Instance
  /** How often to give a sign of life, in ms. */
  readonly heartbeatMs: number
  readonly clock: Clock
  readonly troubles: Troubles
}

/** The entry of one instance in the directory: it is there, whole, from the first time until the end. */
export class EntryFile {
  readonly path: string
  readonly #init: EntryFileInit
  #written = false

  constructor(init: EntryFileInit) {
    this.#init = init
    this.path = join(init.directory, entryName(init.instance))
  }

  /** Keeps the entry there until `signal` aborts; calls `visible` when it is. Never rejects. */
  async keep(signal: AbortSignal, visible: () => void): Promise<void> {
    const { heartbeatMs, clock, troubles, instance } = this.#init
    const trouble = `cannot register '${instance.name}' in ${this.#init.directory}`
    while (!signal.aborted) {
      try {
        await this.#assert()
        troubles.over(trouble)
        visible()
      } catch (error) {
        troubles.report(trouble, error)
      }
      await sleep(heartbeatMs, signal, clock).catch(() => {})
    }
  }

  /** Removes the entry. */
  async remove(): Promise<void> {
    await rm(this.path, { force: true })
  }

  /** Gives a sign of life; writes the entry if it is not there, be it that somebody removed it. */
  async #assert(): Promise<void> {
    if (this.#written && (await touch(this.path))) return
    // Others on the machine have no business here, unless the directory was made for them.
    await mkdir(dirname(this.path), { recursive: true, mode: 0o700 })
    await replaceFile(this.path, `${JSON.stringify(this.#content(), undefined, 2)}\n`)
    this.#written = true
  }

  #content(): unknown {
    return { ...instanceToJson(this.#init.instance), process: ownMark() }
  }
}

/** The name of an instance's file: readable where service and id are. */
function entryName({ name, id }: Instance): string {
  const readable = (part: string): string => encodeURIComponent(part).replaceAll('.', '%2E')
  return `${readable(name)}.${readable(id)}.json`
}

async function touch(path: string): Promise<boolean> {
  try {
    await utimes(path, new Date(), new Date())
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

/** Readers see the old file or the new one, never a part. */
async function replaceFile(path: string, text: string): Promise<void> {
  const draft = `${path}.${process.pid}.draft`
  try {
    await writeFile(draft, text)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw error
  }
}
