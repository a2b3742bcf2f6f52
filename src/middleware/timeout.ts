import { runInContext } from '../endpoint/ambient.js'
import type { Context } from '../endpoint/context.js'
import { type Method, streamsResponses } from '../endpoint/method.js'
import type { Middleware } from '../endpoint/middleware.js'
import { tapStream } from '../endpoint/stream.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'

/** How long calls may take. */
export interface TimeoutOptions {
  /**
   * Longest time of a call whose response is one message, in ms, for all methods or as a function says for each.
   * `undefined` for none.
   */
  readonly ms?: number | ((method: Method) => number | undefined) | undefined
  /** Longest time of a call whose responses are a stream, from its start to its last message; none by default. */
  readonly streamMs?: number | ((method: Method) => number | undefined) | undefined
  /** Longest wait for the next message of a response stream; none by default. */
  readonly idleMs?: number | undefined
  /** Leaves calls alone that have a deadline: a default, where otherwise it is a limit. False by default. */
  readonly onlyWithoutDeadline?: boolean | undefined
}

/**
 * Ends calls that take too long. The caller gets `DEADLINE_EXCEEDED` at that moment even if the handler goes on; the
 * handler's `context.signal` fires, and what it calls inherits the deadline. An earlier deadline of the call stays, and is
 * held to in the same way.
 *
 * Response streams may last: `ms` does not limit them, `streamMs` and `idleMs` do. Inside `retry` the time is that of an
 * attempt, outside it that of the whole call.
 */
export function timeout(options: TimeoutOptions): Middleware {
  const { ms, streamMs, idleMs, onlyWithoutDeadline = false } = options
  for (const [name, value] of Object.entries({ ms, streamMs, idleMs })) check(name, value)
  return (next) =>
    function timeout(request, context) {
      const streams = streamsResponses(context.method.kind)
      const free = onlyWithoutDeadline && context.deadline !== undefined
      const limitMs = free ? undefined : limitOf(streams ? streamMs : ms, context.method)
      const gapMs = streams ? idleMs : undefined
      if (limitMs === undefined && gapMs === undefined) return next(request, context)
      const call = new LimitedCall(context, limitMs, gapMs)
      const make = () => next(request, call.context)
      return streams ? call.stream(make) : call.single(make)
    }
}

class LimitedCall {
  readonly context: Context
  readonly #gapMs: number | undefined

  constructor(outer: Context, limitMs: number | undefined, gapMs: number | undefined) {
    this.context = outer.derive({ deadline: limitMs === undefined ? undefined : outer.clock.now() + limitMs })
    this.#gapMs = gapMs
  }

  /** Makes a call with a single response; it ends with that. */
  single<Res>(make: () => Promise<Res>): Promise<Res> {
    return untilOver(this.context, make, () => this.context.finish())
  }

  /** Makes a call with a response stream; it ends with that. */
  async stream<Res>(make: () => Promise<Res>): Promise<Res> {
    try {
      return this.#follow((await this.#step(make)) as AsyncIterable<unknown>) as Res
    } catch (thrown) {
      this.context.finish()
      throw thrown
    }
  }

  /** The response stream, within the limits. */
  #follow<T>(stream: AsyncIterable<T>): AsyncIterable<T> {
    const { context } = this
    const over = (): void => context.finish()
    return tapStream(stream, {
      step: (take) => this.#step(take),
      close: (leave) => inContext(context, leave),
      end: over,
      failed: over,
      // The handler may be in the midst of something, and is to hear that nobody waits for it any more.
      abandoned: () => context.cancel(new RpcError(Code.CANCELLED, 'the stream was abandoned')),
    })
  }

  #step<T>(take: () => Promise<T>): Promise<T> {
    const { context } = this
    const gapMs = this.#gapMs
    if (gapMs === undefined) return untilOver(context, take)
    const giveUp = (): void => context.cancel(new RpcError(Code.DEADLINE_EXCEEDED, `no message came for ${gapMs} ms`))
    return untilOver(context, take).finally(context.clock.schedule(gapMs, giveUp))
  }
}

/**
 * Runs a step of the call, and does not wait for it longer than the call lasts. What the step throws stays as it is.
 * `ended` is called when the step is over, however long that takes.
 */
function untilOver<T>(context: Context, take: () => Promise<T>, ended?: () => void): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = context.onCancel(reject)
    if (context.cancelled) return
    const pass = (value: T): void => {
      stop()
      ended?.()
      resolve(value)
    }
    const fail = (thrown: unknown): void => {
      stop()
      ended?.()
      reject(thrown)
    }
    try {
      inContext(context, take).then(pass, fail)
    } catch (thrown) {
      fail(thrown)
    }
  })
}

/** On a server what runs is the handler: calls that it makes must inherit this deadline. */
function inContext<R>(context: Context, run: () => R): R {
  return context.side === 'server' ? runInContext(context, run) : run()
}

function limitOf(limit: TimeoutOptions['ms'], method: Method): number | undefined {
  return typeof limit === 'function' ? limit(method) : limit
}

function check(name: string, value: unknown): void {
  if (typeof value === 'number' && !(value > 0)) throw new RangeError(`timeout: ${name} must be above 0, not ${value}`)
}
