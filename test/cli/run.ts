import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { run as runCommand } from '../../src/cli/run.js'

const main = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url))

/** What `tierkit` did. */
export interface Ran {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** Starts `tierkit` as a process. */
export function start(...args: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, ['--import', 'tsx', main, ...args])
}

/** What a started `tierkit` does until it ends. */
export async function finish(child: ChildProcessWithoutNullStreams): Promise<Ran> {
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, out, err }
}

/** What to run `tierkit` with, in this process. */
export interface RunOptions {
  readonly input?: string
  readonly signal?: AbortSignal
  /** Called after each line that was printed. */
  readonly printed?: (line: string) => void
  /** Called after each line that was for people. */
  readonly warned?: (line: string) => void
}

/** Runs `tierkit` in this process: the same but for the process itself. */
export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const { input = '', signal = new AbortController().signal, printed, warned } = options
  let [out, err] = ['', '']
  const code = await runCommand(args, {
    signal,
    input: (async function* () {
      yield input
    })(),
    async print(line) {
      out += `${line}\n`
      printed?.(line)
    },
    warn(line) {
      err += `${line}\n`
      warned?.(line)
    },
  })
  return { code, out, err }
}
