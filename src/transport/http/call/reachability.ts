import type { Socket } from 'node:net'
import type { ChannelState } from '../../transport.js'

/** How a server is tried. */
export interface ReachabilityInit {
  /** Opens a connection; it is ready at `readyEvent`. */
  open(): Socket
  readonly readyEvent: 'connect' | 'secureConnect'
  readonly connectTimeoutMs: number
  /** How long to wait before the n-th further try, in ms. */
  delayMs(retry: number): number
  schedule(delayMs: number, fire: () => void): () => void
}

/**
 * Whether a server can be reached: HTTP connects for each call anew, so this is found out by trying, and by how calls
 * fare. While it cannot be reached it is tried again with growing delays.
 */
export class Reachability {
  readonly #init: ReachabilityInit
  readonly #listeners = new Set<(state: ChannelState) => void>()
  #state: ChannelState = 'idle'
  #retries = 0
  #stop: () => void = () => {}

  constructor(init: ReachabilityInit) {
    this.#init = init
  }

  get state(): ChannelState {
    return this.#state
  }

  /** Calls `listener` after each change; returns how to stop. */
  onChange(listener: (state: ChannelState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** Tries the server if nothing is known of it. */
  connect(): void {
    if (this.#state === 'idle') this.#try()
  }

  /** A call reached the server. */
  reached(): void {
    if (this.#state === 'ready' || this.#state === 'shutdown') return
    this.#stop()
    this.#retries = 0
    this.#become('ready')
  }

  /** A call did not reach the server. */
  missed(): void {
    if (this.#state === 'ready' || this.#state === 'idle') this.#failed()
  }

  close(): void {
    this.#stop()
    this.#become('shutdown')
    this.#listeners.clear()
  }

  #try(): void {
    const socket = this.#init.open()
    const failed = (): void => {
      this.#stop()
      this.#failed()
    }
    const cancelTimer = this.#init.schedule(this.#init.connectTimeoutMs, failed)
    this.#stop = () => {
      cancelTimer()
      socket.removeAllListeners().on('error', () => {})
      socket.destroy()
    }
    socket.once(this.#init.readyEvent, () => this.reached())
    socket.once('error', failed)
    this.#become('connecting')
  }

  #failed(): void {
    this.#retries += 1
    this.#stop = this.#init.schedule(this.#init.delayMs(this.#retries), () => this.#try())
    this.#become('transient_failure')
  }

  #become(state: ChannelState): void {
    if (this.#state === state) return
    this.#state = state
    for (const listener of [...this.#listeners]) listener(state)
  }
}
