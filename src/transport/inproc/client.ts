import type { Context } from '../../endpoint/context.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import type { Method } from '../../endpoint/method.js'
import { waitForReadyKey } from '../../endpoint/outgoing.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { Channel, ChannelState } from '../transport.js'
import type { InprocCall } from './call.js'
import { neverTaken } from './error.js'
import type { InprocServer } from './server.js'

/** The client half: it brings calls to the server beside it. */
export class InprocChannel implements Channel {
  readonly url: string
  readonly #server: InprocServer
  readonly #listeners = new Set<(state: ChannelState) => void>()
  readonly #calls = new Set<InprocCall>()
  readonly #stopFollowing: () => void
  #state: ChannelState = 'idle'

  constructor(url: string, server: InprocServer) {
    this.url = url
    this.#server = server
    this.#stopFollowing = server.onChange(() => {
      if (this.#state !== 'idle') this.connect()
    })
  }

  get state(): ChannelState {
    return this.#state
  }

  endpoint<Req, Res>(method: Method<Req, Res>): Endpoint<Req, Res> {
    return async (request, context) => {
      if (context.cancelled) throw context.cancelled
      this.connect()
      if (context.get(waitForReadyKey)) await this.#ready(context)
      if (context.remainingMs() === 0) throw new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed')
      if (this.#state === 'shutdown') throw neverTaken(`the channel to ${this.url} is closed`)
      return (await this.#run(this.#server.accept(method as Method, context), request)) as Res
    }
  }

  onStateChange(listener: (state: ChannelState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  connect(): void {
    this.#become(this.#server.serving ? 'ready' : 'transient_failure')
  }

  async close(): Promise<void> {
    this.#become('shutdown')
    this.#stopFollowing()
    for (const call of [...this.#calls]) call.fail(new RpcError(Code.UNAVAILABLE, 'the channel was closed'))
  }

  async #run(call: InprocCall, request: unknown): Promise<unknown> {
    this.#calls.add(call)
    call.onEnd(() => this.#calls.delete(call))
    return call.run(request)
  }

  #become(state: ChannelState): void {
    if (this.#state === state || this.#state === 'shutdown') return
    this.#state = state
    for (const listener of [...this.#listeners]) listener(state)
  }

  #ready(context: Context): Promise<void> {
    return new Promise((resolve, reject) => {
      const stop: (() => void)[] = []
      const settle = (then: () => void): void => {
        for (const one of stop.splice(0)) one()
        then()
      }
      const check = (): void => {
        if (this.#state === 'ready' || this.#state === 'shutdown') settle(resolve)
      }
      stop.push(this.onStateChange(check))
      // Apart, because it may settle at once.
      stop.push(context.onCancel((reason) => settle(() => reject(reason))))
      check()
    })
  }
}
