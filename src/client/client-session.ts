import { setMaxListeners } from 'node:events'
import type { Context } from '../endpoint/context.js'
import type { Method } from '../endpoint/method.js'
import { type CallOptions, outgoingContext } from '../endpoint/outgoing.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import type { Clock } from '../resilience/clock.js'
import { type Place, Roster } from '../resilience/roster.js'

/** Longest delay that a Node timer takes. */
const LONG_MS = 2_147_483_647

/** A call that runs. */
export interface BegunCall {
  readonly context: Context
  readonly place: Place<Context>
}

/** The calls of one client that run. While there are any, they keep the process alive. */
export class ClientSession {
  readonly #service: string
  readonly #clock: Clock | undefined
  readonly #running = new Roster<Context>()
  #hold: NodeJS.Timeout | undefined
  #closed = false

  constructor(service: string, clock: Clock | undefined) {
    this.#service = service
    this.#clock = clock
  }

  /** Begins a call. Throws if its time is over already, or the client is closed. */
  begin(method: Method, options: CallOptions, parent: Context | undefined): BegunCall {
    if (this.#closed) throw this.#closedError(true)
    const context = outgoingContext(method, limited(options), parent, this.#clock)
    if (context.remainingMs() === 0) {
      context.finish()
      throw new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed before the call began', { neverSent: true })
    }
    // One signal for very many calls is no leak: each lets go of it when it ends.
    if (options.signal) setMaxListeners(0, options.signal)
    if (this.#running.size === 0) this.#keepAlive()
    return { context, place: this.#running.add(context) }
  }

  /** Ends a call. */
  end({ context, place }: BegunCall, options: CallOptions): void {
    context.finish()
    if (!this.#running.remove(place)) return
    if (this.#running.size === 0) this.#hold?.unref()
    options.onResponse?.(context)
  }

  /** Cancels what runs; nothing can begin any more. */
  close(): void {
    this.#closed = true
    for (const context of this.#running.members()) context.cancel(this.#closedError(false))
    clearInterval(this.#hold)
    this.#hold = undefined
  }

  #keepAlive(): void {
    // The timers of calls do not, and a call that waits for its next attempt has no socket that would.
    this.#hold ??= setInterval(() => {}, LONG_MS)
    this.#hold.ref()
  }

  #closedError(neverSent: boolean): RpcError {
    const message = `the client of ${this.#service} is closed`
    return new RpcError(Code.UNAVAILABLE, message, { reason: 'CLIENT_CLOSED', domain: 'tierkit', neverSent })
  }
}

/** `Infinity` is how a caller says that there is no limit. */
function limited(options: CallOptions): CallOptions {
  const { timeoutMs } = options
  if (timeoutMs === undefined || Number.isFinite(timeoutMs)) return options
  if (timeoutMs === Number.POSITIVE_INFINITY) return { ...options, timeoutMs: undefined }
  throw new RpcError(Code.INVALID_ARGUMENT, `timeoutMs is ${timeoutMs}, not a number of milliseconds`)
}
