import type { MessageCodec } from '../codec/message-codec.js'
import { currentContext } from '../endpoint/ambient.js'
import type { Context } from '../endpoint/context.js'
import type { Idempotency, Method } from '../endpoint/method.js'
import { chain, type Middleware } from '../endpoint/middleware.js'
import { type CallOptions, outgoingContext } from '../endpoint/outgoing.js'
import { untilCancelled } from '../endpoint/serve.js'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import { rememberParts } from '../transport/client-parts.js'

/** What middleware should know of a wrapped function. */
export interface WrapOptions {
  /** Name in logs, metrics and traces; the function's own by default. */
  readonly name?: string | undefined
  /** Whether it may be repeated; `unknown` by default, which `retry` takes as no. */
  readonly idempotency?: Idempotency | undefined
  /** How long a call may take, in ms, unless the call says; no limit by default. */
  readonly timeoutMs?: number | undefined
  /**
   * What a thrown value means to middleware. By default an `RpcError` is itself, a failed connection is `UNAVAILABLE`, and
   * everything else is `UNKNOWN`.
   */
  readonly toError?: ((thrown: unknown) => RpcError) | undefined
}

/** A function as `wrap` takes it. The context has the call's `signal` and deadline. */
export type Wrappable<Req, Res> = (request: Req, context: Context) => Promise<Res>

/** A function with its middleware. */
export type Wrapped<Req, Res> = (request: Req, options?: CallOptions) => Promise<Res>

/**
 * Guards any async function with client middleware, without a service, a transport or a registry.
 *
 * ```ts
 * const findUser = wrap(loadUser, { idempotency: 'idempotent' }, retry(), circuitBreaker())
 * const user = await findUser('ada', { timeoutMs: 300 })
 * ```
 *
 * The caller gets what the function threw, as it was; an `RpcError` where middleware or the deadline ended the call.
 */
export function wrap<Req = void, Res = unknown>(
  fn: Wrappable<Req, Res>,
  ...middleware: readonly Middleware[]
): Wrapped<Req, Res>
export function wrap<Req = void, Res = unknown>(
  fn: Wrappable<Req, Res>,
  options: WrapOptions,
  ...middleware: readonly Middleware[]
): Wrapped<Req, Res>
export function wrap<Req, Res>(
  fn: Wrappable<Req, Res>,
  ...rest: readonly (Middleware | WrapOptions)[]
): Wrapped<Req, Res> {
  const middleware = rest.filter((item) => typeof item === 'function')
  const options = rest.find((item) => typeof item === 'object') ?? {}
  const method = methodOf(fn, options)
  const foreign = new WeakMap<RpcError, { readonly thrown: unknown }>()
  const endpoint = chain(...middleware)(async (request: Req, context: Context) => {
    try {
      return await fn(request, context)
    } catch (thrown) {
      const error = (options.toError ?? errorOf)(thrown)
      if (error !== thrown) foreign.set(error, { thrown })
      throw error
    }
  })
  const wrapped: Wrapped<Req, Res> = async (request, call = {}) => {
    const timed = { ...call, timeoutMs: call.timeoutMs ?? options.timeoutMs }
    const context = outgoingContext(method, timed, currentContext())
    try {
      return await untilCancelled(context, () => endpoint(request, context))
    } catch (error) {
      const origin = foreign.get(error as RpcError)
      throw origin ? origin.thrown : error
    } finally {
      context.finish()
    }
  }
  rememberParts(wrapped, { name: method.name, middleware })
  return wrapped
}

function methodOf(fn: { readonly name: string }, options: WrapOptions): Method {
  const name = options.name ?? (fn.name || 'anonymous')
  const service = 'function'
  const { idempotency = 'unknown' } = options
  const codec = opaqueCodec(name)
  return {
    service,
    name,
    path: `/${service}/${name}`,
    kind: 'unary',
    idempotency,
    request: codec,
    response: codec,
    http: [],
  }
}

/** Values of a function never leave the process. */
function opaqueCodec(name: string): MessageCodec {
  const refuse = (): never => {
    throw new RpcError(Code.INTERNAL, `the values of ${name} have no encoding`)
  }
  return { typeName: name, encode: refuse, decode: refuse, toJson: refuse, fromJson: refuse }
}

/** Codes of Node and undici for a connection that could not be made, or broke. */
const CONNECTION_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
])

function errorOf(thrown: unknown): RpcError {
  // fetch() hides what happened in the cause of a TypeError.
  for (let at: unknown = thrown; at instanceof Error; at = at.cause) {
    if (at instanceof RpcError) break
    const { code } = at as { code?: unknown }
    if (typeof code === 'string' && CONNECTION_CODES.has(code)) {
      return new RpcError(Code.UNAVAILABLE, `the connection failed (${code})`, { cause: thrown })
    }
  }
  return RpcError.from(thrown)
}
