import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { EngineName } from './engines.js'

/** How the servers of a fleet stop. */
export interface FleetOptions {
  /** What serves gRPC; grpc-js by default. */
  readonly engine?: EngineName
  readonly propagationDelayMs: number
  readonly drainTimeoutMs: number
}

/** A server of a fleet. */
export interface FleetServer {
  readonly pid: number
  readonly endpoints: readonly string[]
  kill(signal: NodeJS.Signals): void
  /** The exit code; `null` if a signal ended the process. */
  readonly exit: Promise<number | null>
}

const fixture = fileURLToPath(new URL('./process/fleet-server.ts', import.meta.url))

/** Servers in processes of their own that share a file registry. */
export class Fleet {
  readonly #folder: string
  readonly #options: FleetOptions
  readonly #children = new Set<ChildProcess>()

  private constructor(folder: string, options: FleetOptions) {
    this.#folder = folder
    this.#options = options
  }

  static async open(options: FleetOptions): Promise<Fleet> {
    return new Fleet(await mkdtemp(join(tmpdir(), 'tierkit-fleet-')), options)
  }

  /** What clients call. */
  get target(): string {
    return `${this.#registry}/probe`
  }

  get #registry(): string {
    return pathToFileURL(this.#folder).href
  }

  /** Starts a server; resolves when it is registered. */
  async start(): Promise<FleetServer> {
    const init = JSON.stringify({ ...this.#options, registry: this.#registry })
    const child = spawn(process.execPath, ['--import', 'tsx', fixture, init], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#children.add(child)
    const exit = once(child, 'close').then(([code]) => {
      this.#children.delete(child)
      return code as number | null
    })
    return { pid: child.pid ?? 0, endpoints: await whenReady(child), kill: (signal) => child.kill(signal), exit }
  }

  /** Kills what is left. */
  async close(): Promise<void> {
    const left = [...this.#children].map((child) => {
      child.kill('SIGKILL')
      return once(child, 'close')
    })
    await Promise.all(left)
    await rm(this.#folder, { recursive: true, force: true })
  }
}

async function whenReady(child: ChildProcess): Promise<readonly string[]> {
  if (!child.stdout) throw new Error('the server has no output')
  const lines = createInterface({ input: child.stdout })
  return new Promise((resolve, reject) => {
    lines.on('line', (line) => {
      const { ready } = JSON.parse(line) as { ready?: readonly string[] }
      if (ready) resolve(ready)
    })
    child.once('close', (code) => reject(new Error(`the server ended with ${code} before it was ready`)))
  })
}
