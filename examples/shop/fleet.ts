import { type ChildProcess, spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** Where the parts of the system find each other and leave their traces and logs. */
export interface Surroundings {
  /** Registry URL: `file:///tmp/shop/registry`. */
  readonly registry: string
  /** Folder for logs and spans. */
  readonly folder: string
}

/** The processes of the shop, each on its own. */
export class Fleet {
  readonly #surroundings: Surroundings
  readonly #processes = new Map<string, ChildProcess>()
  #stopping = false

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings
  }

  /** Starts `services/SERVICE.ts` under a name of its own; its log goes to `NAME.log`. */
  start(name: string, service: string, settings: Readonly<Record<string, string>> = {}): void {
    const { registry, folder } = this.#surroundings
    const program = fileURLToPath(new URL(`services/${service}.ts`, import.meta.url))
    const child = spawn(process.execPath, ['--import', 'tsx', program], {
      env: { ...process.env, ...settings, SHOP_NAME: name, SHOP_REGISTRY: registry, SHOP_FOLDER: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
      // In a group of its own: Ctrl-C is for the shop, which stops them all in order.
      detached: true,
    })
    const log = createWriteStream(join(folder, `${name}.log`))
    child.stdout.pipe(log)
    child.stderr.pipe(log)
    child.once('exit', (code) => {
      if (!this.#stopping && code !== null && code !== 0)
        console.error(`  ${name} ended with code ${code}: see ${folder}`)
    })
    this.#processes.set(name, child)
  }

  /** The process id behind a name. */
  pid(name: string): number | undefined {
    return this.#processes.get(name)?.pid
  }

  /** Ends a process without a word, as a crash or the kernel would. */
  crash(name: string): void {
    this.#processes.get(name)?.kill('SIGKILL')
    this.#processes.delete(name)
  }

  /** Asks every process to stop; gives each one's exit code. */
  async stop(): Promise<ReadonlyMap<string, number | null>> {
    this.#stopping = true
    const codes = new Map<string, number | null>()
    const ends = [...this.#processes].map(async ([name, child]) => {
      const ended = new Promise<number | null>((resolve) => child.once('exit', resolve))
      if (child.exitCode === null && child.kill('SIGTERM')) codes.set(name, await ended)
      else codes.set(name, child.exitCode)
    })
    await Promise.all(ends)
    return codes
  }

  /** Ends what is still there, at once. */
  crashAll(): void {
    this.#stopping = true
    for (const child of this.#processes.values()) child.kill('SIGKILL')
  }
}
