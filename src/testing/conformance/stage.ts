import type { Context } from '../../endpoint/context.js'
import { type MethodKind, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { type CallOptions, outgoingContext } from '../../endpoint/outgoing.js'
import type { Binding } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { Channel, Server } from '../../transport/transport.js'
import { type Echo, type EchoHandler, echo, echoEndpoint, echoMethods, pingMethod } from './echo.js'

/** What the table asks of a server that a transport starts for one case. */
export interface ConformanceServerOptions {
  /** The largest message that the server accepts, in bytes. */
  readonly maxReceiveBytes: number
}

/** A server and a channel to it. */
export interface Connection {
  readonly server: Server
  readonly channel: Channel
  /** Closes both. */
  close(): Promise<void>
}

/** A transport, as the table sees it. */
export interface TransportUnderTest {
  readonly name: string
  /** The kinds of call that it carries. */
  readonly kinds: readonly MethodKind[]
  /** Starts a server with these bindings on a free port, and opens a channel to it. */
  connect(bindings: readonly Binding[], options: ConformanceServerOptions): Promise<Connection>
}

/** The largest message that servers accept in the table. */
export const MAX_RECEIVE_BYTES = 256 * 1024

/** How a call went: all its responses, and the context that holds the response metadata. */
export interface Exchange {
  readonly responses: readonly Echo[]
  readonly context: Context
}

/** One running server with a handler for every kind, and ways to call it. */
export class Stage {
  readonly kind: MethodKind
  readonly #connection: Connection

  private constructor(kind: MethodKind, connection: Connection) {
    this.kind = kind
    this.#connection = connection
  }

  /** Starts a server whose method of `kind` is `handler`. */
  static async open(transport: TransportUnderTest, kind: MethodKind, handler: EchoHandler): Promise<Stage> {
    const bindings = [
      { method: echoMethods[kind], endpoint: echoEndpoint(kind, handler) },
      { method: pingMethod, endpoint: echoEndpoint('unary', repeat) },
    ]
    return new Stage(kind, await transport.connect(bindings, { maxReceiveBytes: MAX_RECEIVE_BYTES }))
  }

  get server(): Server {
    return this.#connection.server
  }

  get channel(): Channel {
    return this.#connection.channel
  }

  /** Begins a call of the stage's kind; its responses can be read once. */
  begin(requests: Iterable<Echo> | AsyncIterable<Echo>, options?: CallOptions): StartedCall {
    return begin(this, requests, options)
  }

  /** Makes a whole call of the stage's kind. */
  async call(requests: Iterable<Echo> | AsyncIterable<Echo>, options?: CallOptions): Promise<Exchange> {
    const { responses, context } = this.begin(requests, options)
    const all: Echo[] = []
    for await (const response of responses) all.push(response)
    return { responses: all, context }
  }

  /** Makes a call that must fail, and gives its error. */
  async fail(requests: Iterable<Echo> | AsyncIterable<Echo>, options?: CallOptions): Promise<RpcError> {
    const exchange = await this.call(requests, options).catch((error: unknown) => error)
    if (exchange instanceof RpcError) return exchange
    throw new Error('the call was to fail with an RpcError', { cause: exchange })
  }

  /** Makes a call that must succeed, to show that the server still serves, or to let time pass by a round trip. */
  async ping(): Promise<void> {
    const context = outgoingContext(pingMethod, {}, undefined)
    await this.channel.endpoint(pingMethod)(echo({ text: 'ping' }), context)
    context.finish()
  }

  close(): Promise<void> {
    return this.#connection.close()
  }
}

/** A call under way. */
export interface StartedCall {
  readonly responses: AsyncIterable<Echo>
  readonly context: Context
}

function begin(
  { channel, kind }: Stage,
  requests: Iterable<Echo> | AsyncIterable<Echo>,
  options?: CallOptions,
): StartedCall {
  const method = echoMethods[kind]
  const context = outgoingContext(method, options, undefined)
  const endpoint = channel.endpoint(method)
  async function* responses(): AsyncGenerator<Echo> {
    try {
      const request = streamsRequests(kind) ? toAsync(requests) : await only(requests)
      const response: unknown = await endpoint(request as Echo, context)
      if (streamsResponses(kind)) yield* response as AsyncIterable<Echo>
      else yield response as Echo
    } finally {
      context.finish()
    }
  }
  return { responses: responses(), context }
}

async function* toAsync<T>(source: Iterable<T> | AsyncIterable<T>): AsyncGenerator<T> {
  yield* source
}

async function only(source: Iterable<Echo> | AsyncIterable<Echo>): Promise<Echo> {
  for await (const message of source) return message
  throw new RpcError(Code.INTERNAL, 'a case gave no request')
}

/** Answers every request with itself. */
export async function* repeat(requests: AsyncIterable<Echo>): AsyncGenerator<Echo> {
  yield* requests
}
