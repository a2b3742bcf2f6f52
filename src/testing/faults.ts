import type { Context } from '../endpoint/context.js'
import { streamsResponses } from '../endpoint/method.js'
import type { Middleware } from '../endpoint/middleware.js'
import { Code, type ErrorCode } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import type { Random } from '../resilience/clock.js'
import { sleep } from '../resilience/sleep.js'

/** What goes wrong, and how often. */
export interface FaultsOptions {
  /** Share of the calls that are hit, from 0 to 1; all of them by default. */
  readonly rate?: number | undefined
  /** How long a call is held up first, in ms: a number, or drawn evenly from a range. `Infinity` until it is cancelled. */
  readonly delayMs?: number | readonly [from: number, to: number] | undefined
  /** What a call fails with; none by default, `UNAVAILABLE` with `abortAfter`. */
  readonly error?: ErrorCode | RpcError | undefined
  /**
   * Lets the call through and breaks its answer off after so many messages, if it has more; 0 loses all of the answer of a
   * handler that has run, and so does any number where the answer is one message. By default no handler sees the call.
   */
  readonly abortAfter?: number | undefined
  /** Decides which calls are hit; `Math.random` by default. */
  readonly random?: Random | undefined
}

/**
 * Makes calls slow, makes them fail, or loses their answers, by chance: to see in a test, or on a running system, what the
 * rest makes of it. On servers and clients, for all four kinds. It waits on the clock of the call.
 *
 * Throws a `RangeError` for a rate that is not from 0 to 1.
 */
export function faults(options: FaultsOptions): Middleware {
  const { rate = 1, delayMs = 0, abortAfter, random = Math.random } = options
  if (!(rate >= 0 && rate <= 1)) throw new RangeError(`faults: rate must be from 0 to 1, not ${rate}`)
  const code = options.error ?? (abortAfter === undefined ? undefined : Code.UNAVAILABLE)
  const fail = (): RpcError | undefined => (code === undefined ? undefined : errorOf(code))
  return (next) =>
    async function faults(request, context) {
      if (random() >= rate) return next(request, context)
      await hold(delayMs, random, context)
      const error = fail()
      if (error && abortAfter === undefined) throw error
      const response = await next(request, context)
      if (!error) return response
      if (!streamsResponses(context.method.kind)) throw error
      return broken(response as AsyncIterable<unknown>, abortAfter ?? 0, error) as typeof response
    }
}

function errorOf(error: ErrorCode | RpcError): RpcError {
  return error instanceof RpcError ? error : new RpcError(error, 'an injected fault')
}

async function hold(delayMs: number | readonly [number, number], random: Random, context: Context): Promise<void> {
  const [from, to] = typeof delayMs === 'number' ? [delayMs, delayMs] : delayMs
  const drawnMs = from === to ? from : from + (to - from) * random()
  if (drawnMs > 0) await sleep(drawnMs, context.signal, context.clock)
}

/** The first messages of a stream, and then the error. */
async function* broken(stream: AsyncIterable<unknown>, count: number, error: RpcError): AsyncGenerator<unknown> {
  const source = stream[Symbol.asyncIterator]()
  try {
    for (let passed = 0; passed < count; passed += 1) {
      const result = await source.next()
      if (result.done) return
      yield result.value
    }
    throw error
  } finally {
    await source.return?.()
  }
}
