import { once } from 'node:events'
import type { Terminal } from './command.js'

/** The terminal that this process has. `release` lets go of it, so that the process can end. */
export function processTerminal(): { readonly terminal: Terminal; release(): void } {
  const { stdin, stdout, stderr } = process
  const interrupt = new AbortController()
  const { signal } = interrupt
  const abort = (): void => {
    interrupt.abort()
    stdin.destroy()
  }
  // Not every wait keeps a process alive by itself.
  const hold = setInterval(() => {}, 2 ** 31 - 1)
  process.once('SIGINT', abort)
  process.once('SIGTERM', abort)
  // Whoever read the results has seen enough: `tierkit call … | head`.
  stdout.on('error', abort)
  const release = (): void => {
    process.off('SIGINT', abort)
    process.off('SIGTERM', abort)
    clearInterval(hold)
    abort()
  }
  const terminal: Terminal = {
    input: untilAborted(stdin, signal),
    signal,
    async print(line) {
      if (!stdout.write(`${line}\n`) && !signal.aborted) await once(stdout, 'drain', { signal }).catch(() => {})
    },
    warn(line) {
      stderr.write(`${line}\n`)
    },
  }
  return { terminal, release }
}

/** Ends without an error when the source is destroyed because of the signal. */
async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  try {
    yield* source
  } catch (error) {
    if (!signal.aborted) throw error
  }
}
