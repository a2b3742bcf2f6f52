import type { MessageCodec } from 'tierkit/codec'
import {
  type Binding,
  type CallOptions,
  type Endpoint,
  type Method,
  type MethodKind,
  outgoingContext,
} from 'tierkit/endpoint'
import type { GrpcChannelOptions, GrpcServerOptions } from 'tierkit/transport/grpc-js'
import { afterEach } from 'vitest'
import type { GrpcEngine } from './engines.js'

/** Messages that are text, so that tests need no contract. */
export const text: MessageCodec<string> = {
  typeName: 'test.Text',
  encode: (message) => new TextEncoder().encode(message),
  decode: (bytes) => new TextDecoder().decode(bytes),
  toJson: (message) => message,
  fromJson: (json) => String(json),
}

export function methodOf(kind: MethodKind, name: string = kind): Method<string, string> {
  const method = {
    service: 'test.Text',
    name,
    path: `/test.Text/${name}`,
    kind,
    idempotency: 'unknown',
    http: [],
  } as const
  return { ...method, request: text, response: text }
}

export const bind = (kind: MethodKind, endpoint: Endpoint, name?: string): Binding => ({
  method: methodOf(kind, name) as Method,
  endpoint,
})

const closing: (() => Promise<void>)[] = []

/** Releases something after the test, last first. */
export function afterwards(close: () => Promise<void>): void {
  closing.push(close)
}

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** Starts servers and opens channels of an engine, and closes them after the test. */
export function fixtureOf(engine: GrpcEngine) {
  /** Starts a server on loopback. */
  async function serve(bindings: readonly Binding[], options: GrpcServerOptions = {}) {
    const server = engine.server({ host: '127.0.0.1', ...options })
    const address = await server.listen(bindings)
    afterwards(() => server.close())
    return { server, address, url: address.url }
  }

  /** Opens a channel. */
  function open(url: string, options: GrpcChannelOptions = {}) {
    const channel = engine.channel(url, options)
    afterwards(() => channel.close())
    return channel
  }

  /** Starts a server and opens a channel to it. */
  async function connect(
    bindings: readonly Binding[],
    { server, channel }: { server?: GrpcServerOptions; channel?: GrpcChannelOptions } = {},
  ) {
    const started = await serve(bindings, server)
    return { ...started, channel: open(started.url, channel) }
  }

  return { engine, serve, open, connect }
}

export type GrpcFixture = ReturnType<typeof fixtureOf>

type Channel = ReturnType<GrpcEngine['channel']>

/** Makes a call; the context comes back for what it says of the response. */
export function call(
  channel: Channel,
  kind: MethodKind,
  request: unknown,
  options: CallOptions & { name?: string } = {},
) {
  const method = methodOf(kind, options.name)
  const context = outgoingContext(method as Method, options, undefined)
  const response = channel.endpoint(method as Method)(request, context)
  void response.catch(() => {})
  return { context, response: response as Promise<unknown> }
}

/** Reads a stream to its end. */
export async function all<T>(stream: unknown): Promise<T[]> {
  const messages: T[] = []
  for await (const message of stream as AsyncIterable<T>) messages.push(message)
  return messages
}

export async function* stream<T>(...messages: T[]): AsyncGenerator<T> {
  yield* messages
}

/** A promise that somebody else settles. */
export function gate<T = void>() {
  let open: (value: T) => void = () => {}
  const reached = new Promise<T>((resolve) => {
    open = resolve
  })
  return { reached, open }
}
