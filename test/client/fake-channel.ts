import { Context, type Endpoint, type Method } from 'tierkit/endpoint'
import type { Instance, Resolver } from 'tierkit/registry'
import type { Channel, ChannelState } from '../../src/transport/transport.js'

/** A channel whose state and answers a test sets. */
export class FakeChannel implements Channel {
  readonly url: string
  readonly calls: unknown[] = []
  connects = 0
  closed = false
  answer: (request: unknown, context: Context) => Promise<unknown>
  #state: ChannelState = 'idle'
  #listeners = new Set<(state: ChannelState) => void>()

  constructor(url: string, answer?: (request: unknown, context: Context) => Promise<unknown>) {
    this.url = url
    this.answer = answer ?? (async () => url)
  }

  get state(): ChannelState {
    return this.#state
  }

  endpoint<Req, Res>(_method: Method<Req, Res>): Endpoint<Req, Res> {
    return (request, context) => {
      this.calls.push(request)
      return this.answer(request, context) as Promise<Res>
    }
  }

  onStateChange(listener: (state: ChannelState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  connect(): void {
    this.connects += 1
  }

  become(state: ChannelState): void {
    this.#state = state
    for (const listener of [...this.#listeners]) listener(state)
  }

  async close(): Promise<void> {
    this.closed = true
    this.become('shutdown')
  }
}

/** Makes fake channels and keeps them by URL; they are ready as soon as they connect, unless told otherwise. */
export class FakeTransport {
  readonly channels = new Map<string, FakeChannel>()
  readonly #ready: boolean

  constructor(ready = true) {
    this.#ready = ready
  }

  readonly open = (url: string): Channel => {
    const channel = new FakeChannel(url)
    if (this.#ready) channel.connect = () => channel.become('ready')
    this.channels.set(url, channel)
    return channel
  }

  at(url: string): FakeChannel {
    const channel = this.channels.get(url)
    if (!channel) throw new Error(`no channel to ${url}`)
    return channel
  }
}

/** A resolver that a test feeds. */
export class FakeResolver implements Resolver {
  readonly watched: string[] = []
  #push: ((item: readonly Instance[] | Error) => void) | undefined
  #queue: (readonly Instance[] | Error)[] = []

  async *watch(service: string, signal: AbortSignal): AsyncGenerator<readonly Instance[]> {
    this.watched.push(service)
    while (!signal.aborted) {
      const item = this.#queue.shift() ?? (await this.#next(signal))
      if (item instanceof Error) throw item
      if (item) yield item
    }
  }

  push(item: readonly Instance[] | Error): void {
    if (this.#push) this.#push(item)
    else this.#queue.push(item)
  }

  #next(signal: AbortSignal): Promise<readonly Instance[] | Error | undefined> {
    return new Promise((resolve) => {
      this.#push = (item) => {
        this.#push = undefined
        resolve(item)
      }
      signal.addEventListener('abort', () => resolve(undefined), { once: true })
    })
  }
}

/** An instance with one address. */
export function instance(url: string, change: Partial<Instance> = {}): Instance {
  return { id: url, name: 'orders', version: '1', metadata: {}, endpoints: [url], ...change }
}

/** The context of a client's call. */
export function callContext(method: Method, change: Partial<ConstructorParameters<typeof Context>[0]> = {}): Context {
  return new Context({ method, side: 'client', ...change })
}

/** Lets promises that can go on go on. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
