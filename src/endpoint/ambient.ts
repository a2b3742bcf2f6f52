import { AsyncLocalStorage } from 'node:async_hooks'
import type { Context } from './context.js'

// The one state that outlives a call: it holds nothing itself, the running code does.
const storage = new AsyncLocalStorage<Context | undefined>()

/** The context of the call that the running code serves; `undefined` outside of handlers. */
export function currentContext(): Context | undefined {
  return storage.getStore()
}

/** Runs `run`, and everything asynchronous that it starts, with `context` as the current one. */
export function runInContext<T>(context: Context, run: () => T): T {
  return storage.run(context, run)
}

/** Runs `run` outside of any call: for what outlives the call that happens to begin it, and must not end or count with it. */
export function runDetached<T>(run: () => T): T {
  // The first `run` makes all asynchronous work of the process dearer: a process that serves nothing should not pay for it.
  return storage.getStore() === undefined ? run() : storage.run(undefined, run)
}
