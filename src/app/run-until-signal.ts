import type { Logger } from '../observability/logger.js'
import type { App } from './app.js'

/** What ends a run, and who is told. */
export interface RunOptions {
  readonly signals: readonly NodeJS.Signals[]
  readonly logger: Logger
  /** Aborts when the app is told to stop, by a signal or otherwise. */
  readonly stopped: AbortSignal
}

/** Longest delay that a Node timer takes. */
const LONG_MS = 2_147_483_647
/** How long what is left may go on after everything was stopped. */
const EXIT_GRACE_MS = 500

/** Runs an app as `App.run` says. */
export async function runUntilSignal(app: App, { signals, logger, stopped }: RunOptions): Promise<void> {
  let signalled = false
  const onSignal = (signal: NodeJS.Signals): void => {
    logger.info({ signal }, signalled ? 'ending at once at a second signal' : 'stopping at a signal')
    if (signalled) process.exit(1)
    signalled = true
    // What goes wrong is reported below.
    app.stop().catch(() => {})
  }
  for (const signal of signals) process.on(signal, onSignal)
  // Signal handlers alone do not keep a process alive.
  const hold = setInterval(() => {}, LONG_MS)
  try {
    await app.start().catch((error) => {
      if (!stopped.aborted) throw error
    })
    await onceAborted(stopped)
    await app.stop()
  } catch (error) {
    if (!signalled) throw error
    logger.error({ err: error }, 'stopped with errors')
    process.exitCode = 1
  } finally {
    clearInterval(hold)
    for (const signal of signals) process.off(signal, onSignal)
    if (signalled) setTimeout(() => process.exit(), EXIT_GRACE_MS).unref()
  }
}

function onceAborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
}
