import type { Node } from '../../balancer/balancer.js'
import type { Peer } from '../../endpoint/context-value.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import type { Method } from '../../endpoint/method.js'
import type { Instance } from '../../registry/registry.js'
import type { NodeSnapshot } from '../../transport/snapshot.js'
import type { Channel, ChannelFactory, ChannelState } from '../../transport/transport.js'

const DEFAULT_WEIGHT = 100

/** What a node is made of. */
export interface ChannelNodeInit {
  readonly instance: Instance
  readonly url: string
  readonly factory: ChannelFactory
  /** Told of every change of `state`. */
  changed(): void
}

/** An address of a service with the channel to it, which is there while the node is in use or has calls that run. */
export class ChannelNode implements Node {
  readonly url: string
  readonly peer: Peer
  #instance: Instance
  #weight: number
  readonly #init: ChannelNodeInit
  #channel: Channel | undefined
  #inFlight = 0
  #picks = 0
  #lastError: NodeSnapshot['lastError']
  #retired = true

  constructor(init: ChannelNodeInit) {
    this.#init = init
    this.#instance = init.instance
    this.#weight = weightOf(init.instance)
    this.url = init.url
    this.peer = { address: hostPort(init.url) }
  }

  get instance(): Instance {
    return this.#instance
  }

  /** The registry says something new of the instance at this address. */
  set instance(instance: Instance) {
    this.#instance = instance
    this.#weight = weightOf(instance)
  }

  get weight(): number {
    return this.#weight
  }

  get state(): ChannelState {
    return this.#channel?.state ?? 'shutdown'
  }

  /** Opens the channel, unless it is open, and keeps it connected. */
  open(): void {
    this.#retired = false
    if (this.#channel) return
    const channel = this.#init.factory(this.url)
    this.#channel = channel
    channel.onStateChange((state) => {
      if (this.#channel !== channel) return
      if (state === 'idle' && !this.#retired) channel.connect()
      this.#init.changed()
    })
    channel.connect()
  }

  /** Takes the node out of use: the channel is closed when the last call on it has ended. */
  retire(): void {
    this.#retired = true
    if (this.#inFlight === 0) void this.close()
  }

  /** Closes the channel at once; calls that run fail with `UNAVAILABLE`. */
  async close(): Promise<void> {
    const channel = this.#channel
    this.#channel = undefined
    await channel?.close()
  }

  /** The endpoint of a method at this address; `undefined` once the channel is closed. */
  endpoint(method: Method): Endpoint | undefined {
    return this.#channel?.endpoint(method)
  }

  /** An attempt begins. */
  begin(): void {
    this.#inFlight += 1
    this.#picks += 1
  }

  /** An attempt failed on its way here. */
  failed(error: Error): void {
    this.#lastError = { at: new Date().toISOString(), text: error.message }
  }

  /** What it does at this moment. */
  snapshot(): NodeSnapshot {
    const { id, version } = this.#instance
    const { url, weight, state } = this
    return { url, id, version, weight, state, inFlight: this.#inFlight, picks: this.#picks, lastError: this.#lastError }
  }

  /** An attempt has ended. */
  end(): void {
    this.#inFlight -= 1
    if (this.#retired && this.#inFlight === 0) void this.close()
  }
}

function weightOf({ metadata }: Instance): number {
  const weight = Number(metadata.weight ?? DEFAULT_WEIGHT)
  return weight > 0 && Number.isFinite(weight) ? weight : DEFAULT_WEIGHT
}

/** `grpc://10.0.0.7:9000` as `10.0.0.7:9000`. */
function hostPort(url: string): string {
  const rest = url.slice(url.indexOf('://') + 3)
  return rest.split(/[/?#]/, 1)[0] ?? rest
}
