import type { Context } from '../../endpoint/context.js'
import type { Method } from '../../endpoint/method.js'
import type { Binding } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { Clock } from '../../resilience/clock.js'
import type { Address, Server } from '../transport.js'
import { InprocCall } from './call.js'
import { neverTaken } from './error.js'

/** What an in-process server is made of. */
export interface InprocServerInit {
  readonly url: string
  readonly clock: Clock
  readonly copy: boolean
  readonly maxReceiveBytes: number
}

type Phase = 'new' | 'serving' | 'draining' | 'closed'

/** The server half: it knows its bindings and the calls that run. */
export class InprocServer implements Server {
  readonly #init: InprocServerInit
  readonly #bindings = new Map<string, Binding>()
  readonly #calls = new Set<InprocCall>()
  readonly #listeners = new Set<() => void>()
  #phase: Phase = 'new'
  #drained: (() => void)[] = []

  constructor(init: InprocServerInit) {
    this.#init = init
  }

  /** Whether calls are accepted. */
  get serving(): boolean {
    return this.#phase === 'serving'
  }

  /** Calls `listener` whenever `serving` may have changed; returns how to stop. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  async listen(bindings: readonly Binding[]): Promise<Address> {
    if (this.#phase !== 'new') throw new RpcError(Code.FAILED_PRECONDITION, `${this.#init.url} listened already`)
    for (const binding of bindings) this.#bindings.set(binding.method.path, binding)
    this.#enter('serving')
    return { host: 'inproc', port: 0, url: this.#init.url }
  }

  async drain(timeoutMs: number): Promise<void> {
    if (this.#phase === 'serving') this.#enter('draining')
    const cancelTimer = this.#init.clock.schedule(timeoutMs, () => this.#cancelAll('the server shuts down'))
    await this.#whenIdle()
    cancelTimer()
  }

  async close(): Promise<void> {
    this.#enter('closed')
    this.#cancelAll('the server was closed')
  }

  /** Takes a call, or throws that nobody is there. */
  accept(method: Method, context: Context): InprocCall {
    if (!this.serving) throw neverTaken(`nothing listens at ${this.#init.url}`)
    const binding = this.#bindings.get(method.path)
    if (binding?.method.kind !== method.kind) {
      const what = binding ? `${method.path} is not a ${method.kind} method` : `no method ${method.path}`
      throw new RpcError(Code.UNIMPLEMENTED, what)
    }
    const { copy, maxReceiveBytes } = this.#init
    const call = new InprocCall({ binding, method, context, copy, maxReceiveBytes })
    this.#calls.add(call)
    call.onEnd(() => this.#forget(call))
    return call
  }

  #enter(phase: Phase): void {
    this.#phase = phase
    for (const listener of [...this.#listeners]) listener()
  }

  #cancelAll(message: string): void {
    for (const call of [...this.#calls]) call.cancel(new RpcError(Code.UNAVAILABLE, message))
  }

  #forget(call: InprocCall): void {
    this.#calls.delete(call)
    if (this.#calls.size > 0) return
    const drained = this.#drained
    this.#drained = []
    for (const resolve of drained) resolve()
  }

  #whenIdle(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#calls.size === 0) resolve()
      else this.#drained.push(resolve)
    })
  }
}
