import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import { type CancelTimer, type Clock, systemClock } from '../resilience/clock.js'
import { type CancelListener, type CancelListeners, removeListener, tell, withListener } from './cancel/listeners.js'
import { type ContextKey, LazyValue, type Peer, type Principal } from './context-value.js'
import { Metadata } from './metadata.js'
import type { Method } from './method.js'

/** What a context is made of. */
export interface ContextInit {
  readonly method: Method
  /** Which side of the call this context is on. */
  readonly side: 'client' | 'server'
  /** Request metadata, or how to read it when it is first asked for. */
  readonly metadata?: Metadata | (() => Metadata) | undefined
  /** When the call must have ended, in ms of the clock; never, by default. */
  readonly deadline?: number | undefined
  /** Cancels the call when it aborts. */
  readonly signal?: AbortSignal | undefined
  /** The call that this one serves: its cancellation is this one's too. */
  readonly parent?: Context | undefined
  /** The other end, or how to find out when it is first asked for. */
  readonly peer?: Peer | (() => Peer) | undefined
  readonly clock?: Clock | undefined
}

/** What a derived context changes. */
export interface ContextChange {
  /** Takes effect only where it is earlier than the present one. */
  readonly deadline?: number | undefined
  /** A further signal that cancels. */
  readonly signal?: AbortSignal | undefined
  /** Replaces the request metadata. */
  readonly metadata?: Metadata | undefined
}

/** Parts that a context shares with those derived from it. */
interface CallState {
  metadata: Metadata | (() => Metadata) | undefined
  peer: Peer | (() => Peer) | undefined
  principal: Principal | undefined
  /** Keys and their values in turn: there are a few at most, and a map would cost more. */
  values: unknown[] | undefined
  responseHeaders: Metadata | undefined
  responseTrailers: Metadata | undefined
}

/**
 * Everything about one call that is not its messages: method, metadata, deadline, cancellation, peer, principal, values.
 *
 * It costs what is used: the AbortController, parsed metadata and response metadata come into being on first use.
 */
export class Context {
  readonly method: Method
  readonly side: 'client' | 'server'
  /** When the call must have ended, in ms of `clock`; `undefined` for never. */
  readonly deadline: number | undefined
  readonly clock: Clock
  readonly #call: CallState
  #ownMetadata: Metadata | undefined
  #controller: AbortController | undefined
  #listeners: CancelListeners | undefined
  #cancelled: RpcError | undefined
  #finished = false
  #cancelTimer: CancelTimer | undefined
  #detach: (() => void) | undefined

  constructor(init: ContextInit, shared?: CallState) {
    this.method = init.method
    this.side = init.side
    this.clock = init.clock ?? systemClock
    this.deadline = init.deadline
    this.#call = shared ?? {
      metadata: init.metadata,
      peer: init.peer,
      principal: undefined,
      values: undefined,
      responseHeaders: undefined,
      responseTrailers: undefined,
    }
    if (init.parent) this.#follow(init.parent)
    if (init.signal) this.#obey(init.signal)
  }

  /** Request metadata: what arrived on a server, what will be sent on a client. */
  get metadata(): Metadata {
    if (this.#ownMetadata) return this.#ownMetadata
    const call = this.#call
    if (typeof call.metadata === 'function') call.metadata = call.metadata()
    call.metadata ??= new Metadata()
    return call.metadata
  }

  /** Metadata before the first response message: to be sent on a server, received on a client. */
  get responseHeaders(): Metadata {
    this.#call.responseHeaders ??= new Metadata()
    return this.#call.responseHeaders
  }

  /** Metadata after the last response message: to be sent on a server, received on a client. */
  get responseTrailers(): Metadata {
    this.#call.responseTrailers ??= new Metadata()
    return this.#call.responseTrailers
  }

  /** True once anything touched `responseHeaders`; spares a transport making empty ones. */
  get hasResponseHeaders(): boolean {
    return this.#call.responseHeaders !== undefined
  }

  /** True once anything touched `responseTrailers`. */
  get hasResponseTrailers(): boolean {
    return this.#call.responseTrailers !== undefined
  }

  /** The other end; on a client it is known once an attempt was made. */
  get peer(): Peer | undefined {
    const call = this.#call
    if (typeof call.peer === 'function') call.peer = call.peer()
    return call.peer
  }

  set peer(peer: Peer | undefined) {
    this.#call.peer = peer
  }

  /** Who calls, once authentication has run. */
  get principal(): Principal | undefined {
    return this.#call.principal
  }

  set principal(principal: Principal | undefined) {
    this.#call.principal = principal
  }

  /** The value that was set under a key, in this context or one that it derives from. */
  get<T>(key: ContextKey<T>): T | undefined {
    const { values = [] } = this.#call
    const at = indexOfKey(values, key)
    const value = at < 0 ? undefined : values[at + 1]
    if (!(value instanceof LazyValue)) return value as T | undefined
    const made = value.make(this) as T
    this.set(key, made)
    return made
  }

  /** Sets a value, for this context and all that share its call. */
  set<T>(key: ContextKey<T>, value: T | LazyValue<T>): this {
    const call = this.#call
    const { values } = call
    const at = values === undefined ? -1 : indexOfKey(values, key)
    if (values === undefined) call.values = [key, value]
    // Not `push`, which would make room for sixteen more.
    else if (at < 0) call.values = [...values, key, value]
    else values[at + 1] = value
    return this
  }

  /** Aborts when the call is cancelled or its deadline passes; the reason is an `RpcError`. */
  get signal(): AbortSignal {
    if (!this.#controller) {
      this.#controller = new AbortController()
      if (this.#cancelled) this.#controller.abort(this.#cancelled)
      else this.#watchDeadline()
    }
    return this.#controller.signal
  }

  /** Why the call was cancelled, if it was. */
  get cancelled(): RpcError | undefined {
    return this.#cancelled
  }

  /** Milliseconds until the deadline, never below 0; `undefined` without one. */
  remainingMs(): number | undefined {
    return this.deadline === undefined ? undefined : Math.max(0, this.deadline - this.clock.now())
  }

  /**
   * Calls `listener` once when the call is cancelled or its deadline passes, at once if it was. Returns how to stop. What it
   * throws is dropped: it must neither keep others from hearing nor, out of a timer, end the process.
   */
  onCancel(listener: CancelListener): () => void {
    if (this.#cancelled) {
      tell(listener, this.#cancelled)
      return () => {}
    }
    this.#listeners = withListener(this.#listeners, listener)
    this.#watchDeadline()
    return () => removeListener(this.#listeners, listener)
  }

  /** Cancels the call. The first reason stays; after `finish` it does nothing. */
  cancel(reason: RpcError = new RpcError(Code.CANCELLED, 'the call was cancelled')): void {
    if (this.#cancelled || this.#finished) return
    const error = abortError(reason)
    this.#cancelled = error
    this.#release()
    this.#controller?.abort(error)
    const listeners = this.#listeners
    this.#listeners = undefined
    for (const listener of listeners ?? []) tell(listener, error)
  }

  /** Ends the context with its call: timers and listeners are released, a later `cancel` does nothing. */
  finish(): void {
    this.#finished = true
    this.#listeners = undefined
    this.#release()
  }

  /** A context of the same call with an earlier deadline, a further signal or other metadata. `finish` it when done. */
  derive(change: ContextChange): Context {
    const deadline = earlier(this.deadline, change.deadline)
    const { method, side, clock } = this
    const child = new Context({ method, side, clock, deadline, signal: change.signal, parent: this }, this.#call)
    child.#ownMetadata = change.metadata ?? this.#ownMetadata
    return child
  }

  #follow(parent: Context): void {
    this.#onRelease(parent.onCancel((reason) => this.cancel(reason)))
  }

  #obey(signal: AbortSignal): void {
    const abort = (): void => this.cancel(abortError(signal.reason))
    if (signal.aborted) {
      abort()
      return
    }
    signal.addEventListener('abort', abort, { once: true })
    this.#onRelease(() => signal.removeEventListener('abort', abort))
  }

  #onRelease(detach: () => void): void {
    if (this.#cancelled) {
      detach()
      return
    }
    const earlier = this.#detach
    this.#detach = earlier
      ? () => {
          earlier()
          detach()
        }
      : detach
  }

  #watchDeadline(): void {
    if (this.deadline === undefined || this.#cancelTimer || this.#finished) return
    const expire = (): void => this.cancel(new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed'))
    const leftMs = this.deadline - this.clock.now()
    if (leftMs <= 0) expire()
    else this.#cancelTimer = this.clock.schedule(leftMs, expire)
  }

  #release(): void {
    this.#cancelTimer?.()
    this.#cancelTimer = undefined
    const detach = this.#detach
    this.#detach = undefined
    detach?.()
  }
}

function indexOfKey(values: readonly unknown[], key: ContextKey<unknown>): number {
  for (let at = 0; at < values.length; at += 2) {
    if (values[at] === key) return at
  }
  return -1
}

function earlier(one: number | undefined, other: number | undefined): number | undefined {
  if (one === undefined || other === undefined) return one ?? other
  return Math.min(one, other)
}

/** A signal's reason as the caller meant it: an `RpcError` or a time-out keeps its code, anything else cancels. */
function abortError(reason: unknown): RpcError {
  const error = RpcError.from(reason)
  return error.code === Code.UNKNOWN && !(reason instanceof RpcError)
    ? new RpcError(Code.CANCELLED, 'the call was cancelled', { cause: reason })
    : error
}
