import { currentContext } from '../endpoint/ambient.js'
import type { Endpoint } from '../endpoint/endpoint.js'
import { type Method, streamsRequests, streamsResponses } from '../endpoint/method.js'
import { chain, type Middleware } from '../endpoint/middleware.js'
import type { CallOptions } from '../endpoint/outgoing.js'
import { untilCancelled } from '../endpoint/serve.js'
import { standard } from '../middleware/standard.js'
import type { Clock } from '../resilience/clock.js'
import type { ServiceDefinition } from '../service/definition.js'
import { rememberParts } from '../transport/client-parts.js'
import type { Channel } from '../transport/transport.js'
import type { Client } from './client.js'
import { ClientSession } from './client-session.js'
import { type ChannelOptions, createChannel } from './create-channel.js'
import { ResponseStream } from './response-stream.js'

/** What a method's calls have unless a call says otherwise. */
export interface CallDefaults {
  /** How long a call may take, retries included, in ms; `Infinity` for no limit. */
  readonly timeoutMs?: number | undefined
  /** Whether calls wait for a connection where they would fail fast. False by default. */
  readonly waitForReady?: boolean | undefined
}

/** How a client reaches its service and guards its calls: the options of a channel, or a channel, and those of calls. */
export interface ClientOptions<D extends ServiceDefinition = ServiceDefinition> extends Omit<ChannelOptions, 'target'> {
  /** What to call, as for `createChannel`; the client then has a channel of its own, which closes with it. */
  readonly target?: string | undefined
  /** The channel to use, shared with others; it stays open when the client closes. Instead of `target`. */
  readonly channel?: Channel | undefined
  /** Runs once per call, around all its attempts. The first named is outermost. `standard({ side: 'client' })` by default. */
  readonly middleware?: readonly Middleware[] | undefined
  /**
   * How long a call may take, in ms: 10,000 by default where the response is one message, so that nothing waits for ever;
   * no limit where it is a stream. `Infinity` for no limit. An earlier deadline that is inherited wins.
   */
  readonly timeoutMs?: number | undefined
  /** The same and more by method, named as code names it: `{ sayHello: { timeoutMs: 200 } }`. */
  readonly methods?: { readonly [K in keyof D['methods']]?: CallDefaults | undefined } | undefined
  /** The time of calls that inherit none. */
  readonly clock?: Clock | undefined
}

const DEFAULT_TIMEOUT_MS = 10_000

/** Options that a channel is made with. */
const channelOptions = [
  'registry',
  'balancer',
  'filters',
  'protocol',
  'transports',
  'tls',
  'attemptMiddleware',
  'onError',
] as const

/**
 * Makes a typed client of a service.
 *
 * ```ts
 * const greeter = createClient(Greeter, { target: 'file:///run/shop/greeter' })
 * const reply = await greeter.sayHello({ name: 'Ada' }, { timeoutMs: 200 })
 * for await (const hello of greeter.watchHellos({})) console.log(hello.message)
 * await closeClient(greeter)
 * ```
 *
 * A call made inside a handler inherits its deadline, cancellation and global metadata. Throws a `TypeError` if the options
 * do not say what to call.
 */
export function createClient<D extends ServiceDefinition>(definition: D, options: ClientOptions<D>): Client<D> {
  const channel = channelOf(definition, options)
  const session = new ClientSession(definition.name, options.clock)
  const middleware = options.middleware ?? standard({ side: 'client' })
  const around = chain(...middleware)
  const methods = Object.entries(definition.methods).map(([key, method]) => {
    const defaults = defaultsOf(method, options, options.methods?.[key])
    const endpoint = around(channel.endpoint(method as Method))
    return [key, callOf({ method, endpoint, session, defaults })] as const
  })
  const close = async (): Promise<void> => {
    session.close()
    if (channel !== options.channel) await channel.close()
  }
  const client = { ...Object.fromEntries(methods), [Symbol.asyncDispose]: close } as Client<D>
  rememberParts(client, { name: definition.name, channel, middleware })
  return client
}

/** Closes a client: calls that run and later ones fail with `UNAVAILABLE`. A channel that it was given stays open. */
export function closeClient(client: AsyncDisposable): Promise<void> {
  return Promise.resolve(client[Symbol.asyncDispose]())
}

function channelOf(definition: ServiceDefinition, options: ClientOptions): Channel {
  const { target, channel } = options
  if ((target === undefined) === (channel === undefined)) {
    throw new TypeError(`the client of ${definition.name} needs either a target or a channel`)
  }
  const idle = channelOptions.filter((name) => options[name] !== undefined)
  if (channel && idle.length > 0) {
    throw new TypeError(`the client of ${definition.name} has a channel, so ${idle.join(', ')} must be set there`)
  }
  return channel ?? createChannel({ ...options, target: target ?? '' })
}

function defaultsOf(method: Method, options: ClientOptions, own: CallDefaults = {}): CallDefaults {
  const fallback = streamsResponses(method.kind) ? undefined : DEFAULT_TIMEOUT_MS
  return { timeoutMs: own.timeoutMs ?? options.timeoutMs ?? fallback, waitForReady: own.waitForReady }
}

interface PreparedMethod {
  readonly method: Method
  readonly endpoint: Endpoint
  readonly session: ClientSession
  readonly defaults: CallDefaults
}

type Call = (request: unknown, options?: CallOptions) => Promise<unknown> | AsyncIterableIterator<unknown>

function callOf(prepared: PreparedMethod): Call {
  const { kind } = prepared.method
  const call = streamsResponses(kind) ? streamingCall(prepared) : singleCall(prepared)
  if (!streamsRequests(kind)) return call
  return (requests, options) => call(asyncOf(requests as Iterable<unknown>), options)
}

function singleCall({ method, endpoint, session, defaults }: PreparedMethod): Call {
  return async (request, options) => {
    const whole = withDefaults(defaults, options)
    const call = session.begin(method, whole, currentContext())
    const { context } = call
    try {
      return await untilCancelled(context, () => endpoint(request, context))
    } finally {
      session.end(call, whole)
    }
  }
}

function streamingCall({ method, endpoint, session, defaults }: PreparedMethod): Call {
  return (request, options) => {
    const whole = withDefaults(defaults, options)
    const parent = currentContext()
    return new ResponseStream({
      begin: () => session.begin(method, whole, parent),
      open: (context) => endpoint(request, context),
      end: (call) => session.end(call, whole),
    })
  }
}

function withDefaults(defaults: CallDefaults, options: CallOptions = {}): CallOptions {
  const { timeoutMs = defaults.timeoutMs, waitForReady = defaults.waitForReady } = options
  return { ...options, timeoutMs, waitForReady }
}

function asyncOf<T>(messages: AsyncIterable<T> | Iterable<T>): AsyncIterable<T> {
  if (Symbol.asyncIterator in Object(messages)) return messages as AsyncIterable<T>
  return (async function* () {
    yield* messages as Iterable<T>
  })()
}
