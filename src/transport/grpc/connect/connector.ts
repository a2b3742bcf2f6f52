import type { ChannelState } from '../../transport.js'
import { Link, type LinkListener, type LinkOptions } from '../link.js'
import type { CancelTimer } from './timers.js'

/** A call that waits for a connection. */
export interface WaitingCall {
  /** True if it waits, until its deadline, for a server that cannot be reached at present. */
  readonly waitsForReady: boolean
  /** There is a connection with room for it. */
  begin(link: Link): void
  /** There will be none, for a reason. */
  onUnavailable(reason: string): void
}

/** How a channel connects. */
export interface ConnectorOptions extends LinkOptions {
  /** How long after an attempt began the next may, if that was the n-th that failed, in ms. */
  readonly delayMs: (failures: number) => number
  /** How many connections there may be, where the server limits the calls on one. */
  readonly maxConnections: number
  /** Called after each change of state. */
  readonly changed: (state: ChannelState) => void
}

/**
 * The connections of a channel, and the calls that wait for one. It connects when there is a call, tries again for ever
 * once it has begun, each time later, and opens further connections only when those that there are have no room.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md
 */
export class Connector implements LinkListener {
  state: ChannelState = 'idle'
  #options: ConnectorOptions
  /** Connections that calls can be made on. */
  readonly #ready: Link[] = []
  /** All connections, those that end included. */
  readonly #links = new Set<Link>()
  readonly #queue = new Set<WaitingCall>()
  #dialing: Link | undefined
  #dialedAt = 0
  #failures = 0
  #failure = ''
  #stopRetry: CancelTimer | undefined

  constructor(options: ConnectorOptions) {
    this.#options = options
  }

  /** Brings a call to a connection, now or when there is one. Fails it where none is to be had. */
  open(call: WaitingCall): void {
    const link = this.#vacant()
    if (link) {
      call.begin(link)
    } else if (this.state === 'shutdown' || (this.state === 'transient_failure' && !call.waitsForReady)) {
      call.onUnavailable(this.#unavailable())
    } else {
      this.#queue.add(call)
      this.connect()
    }
  }

  /** Lets a call go that was waiting. */
  forget(call: WaitingCall): void {
    this.#queue.delete(call)
  }

  /** Connects, unless there is a connection with room, or one under way. */
  connect(): void {
    const full = this.#ready.length >= this.#options.maxConnections
    if (this.state === 'shutdown' || this.#dialing || this.#stopRetry || full || this.#vacant()) return
    if (this.#ready.length === 0 && this.state === 'idle') this.#enter('connecting')
    this.#dialedAt = this.#options.clock.now()
    const link = new Link(this.#options, this)
    this.#dialing = link
    this.#links.add(link)
  }

  /** Ends everything. */
  close(): void {
    if (this.state === 'shutdown') return
    this.#stopRetry?.()
    this.#enter('shutdown')
    const reason = this.#unavailable()
    for (const call of [...this.#queue]) call.onUnavailable(reason)
    this.#queue.clear()
    for (const link of [...this.#links]) link.abort('the channel was closed')
  }

  onReady(link: Link): void {
    this.#dialing = undefined
    this.#failures = 0
    this.#ready.push(link)
    this.#enter('ready')
    this.onCapacity()
  }

  onCapacity(): void {
    for (const call of this.#queue) {
      const link = this.#vacant()
      if (!link) {
        this.connect()
        return
      }
      this.#queue.delete(call)
      call.begin(link)
    }
  }

  onLeave(link: Link, debug: string): void {
    if (debug === 'too_many_pings') this.#pingLess()
    this.#withdraw(link)
  }

  onClose(link: Link, reason: string): void {
    this.#links.delete(link)
    if (link === this.#dialing) this.#fail(reason)
    else this.#withdraw(link)
  }

  #vacant(): Link | undefined {
    for (const link of this.#ready) if (link.capacity > 0) return link
    return undefined
  }

  /** Makes no more calls on a connection. */
  #withdraw(link: Link): void {
    const at = this.#ready.indexOf(link)
    if (at >= 0) this.#ready.splice(at, 1)
    if (at < 0 || this.#ready.length > 0 || this.state === 'shutdown') return
    this.#enter(this.#dialing ? 'connecting' : 'idle')
    if (this.#queue.size > 0) this.connect()
  }

  #fail(failure: string): void {
    this.#dialing = undefined
    if (this.state === 'shutdown') return
    this.#failures += 1
    this.#failure = failure
    const { clock, delayMs } = this.#options
    const leftMs = this.#dialedAt + delayMs(this.#failures) - clock.now()
    this.#stopRetry = clock.schedule(Math.max(0, leftMs), () => this.#retry())
    if (this.#ready.length > 0) return
    this.#enter('transient_failure')
    const reason = this.#unavailable()
    for (const call of [...this.#queue]) {
      if (call.waitsForReady) continue
      this.#queue.delete(call)
      call.onUnavailable(reason)
    }
  }

  #retry(): void {
    this.#stopRetry = undefined
    if (this.#ready.length === 0 || this.#queue.size > 0) this.connect()
  }

  #pingLess(): void {
    const { keepaliveTimeMs } = this.#options
    if (keepaliveTimeMs !== undefined) this.#options = { ...this.#options, keepaliveTimeMs: keepaliveTimeMs * 2 }
  }

  #unavailable(): string {
    const { authority } = this.#options
    if (this.state === 'shutdown') return `the channel to ${authority} is closed`
    return `no connection to ${authority}: ${this.#failure}`
  }

  #enter(state: ChannelState): void {
    if (this.state === state) return
    this.state = state
    this.#options.changed(state)
  }
}
