import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Vitals } from './vitals.js'

/** How the server is set up. */
export interface TargetOptions {
  /** Calls that are served at a time; more are refused. No limit by default. */
  readonly concurrent?: number
  /** Serves HTTP and JSON too. No by default. */
  readonly http?: boolean
  readonly maxConcurrentStreams?: number
}

export type TargetRequest = 'reset' | 'read'
export type TargetReply = { readonly url: string; readonly httpUrl: string } | { readonly vitals: Vitals }

const program = fileURLToPath(new URL('./target.ts', import.meta.url))

/** A server in a process of its own: what is done to it is seen from outside. */
export class TargetProcess implements AsyncDisposable {
  readonly url: string
  readonly httpUrl: string
  readonly #child: ChildProcess

  private constructor(child: ChildProcess, { url, httpUrl }: { url: string; httpUrl: string }) {
    this.#child = child
    this.url = url
    this.httpUrl = httpUrl
  }

  static async start(options: TargetOptions = {}): Promise<TargetProcess> {
    const child = fork(program, [JSON.stringify(options)], { execArgv: ['--import', 'tsx', '--expose-gc'] })
    return new TargetProcess(child, (await replyOf(child)) as { url: string; httpUrl: string })
  }

  /** False once the process has ended, by whatever it was. */
  get alive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null
  }

  /** What the server holds. */
  vitals(): Promise<Vitals> {
    return this.#ask('read')
  }

  /** The same; what is the most since is counted from here. */
  reset(): Promise<Vitals> {
    return this.#ask('reset')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (!this.alive) return
    this.#child.kill('SIGKILL')
    await once(this.#child, 'close')
  }

  async #ask(request: TargetRequest): Promise<Vitals> {
    const reply = replyOf(this.#child)
    this.#child.send(request)
    return ((await reply) as { vitals: Vitals }).vitals
  }
}

function replyOf(child: ChildProcess): Promise<TargetReply> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null, signal: string | null): void =>
      reject(new Error(`the server ended with ${code ?? signal}`))
    child.once('close', onExit)
    child.once('message', (message) => {
      child.off('close', onExit)
      resolve(message as TargetReply)
    })
  })
}
