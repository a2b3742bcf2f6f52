import type { Balancer, Pick } from '../../balancer/balancer.js'
import { runDetached } from '../../endpoint/ambient.js'
import type { Context } from '../../endpoint/context.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import type { Method } from '../../endpoint/method.js'
import { chain, type Middleware, snapshotOf, withSnapshots } from '../../endpoint/middleware.js'
import { outcome } from '../../endpoint/outcome.js'
import { serverKey } from '../../endpoint/outgoing.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { Instance } from '../../registry/registry.js'
import type { Troubles } from '../../registry/troubles.js'
import type { ChannelSnapshot } from '../../transport/snapshot.js'
import type { Channel, ChannelState } from '../../transport/transport.js'
import type { ChannelNode } from './channel-node.js'
import { NodeSet, type NodeSetInit } from './node-set.js'
import { attemptsKey, Picker, waitsForReady } from './picker.js'
import { followService, type ServiceFollower } from './service-source.js'
import { Waiting } from './waiting.js'

/** What a channel to a service is made of. */
export interface ServiceChannelInit
  extends Omit<NodeSetInit, 'changed'>,
    Omit<ServiceFollower, 'instances' | 'failed'> {
  readonly target: string
  readonly balancer: Balancer
  /** Hear of it when the instances cannot be found. */
  readonly troubles: Troubles
  readonly attemptMiddleware: readonly Middleware[]
}

/** A channel over all instances of a service: each attempt picks one. */
export class ServiceChannel implements Channel {
  readonly url: string
  readonly #init: ServiceChannelInit
  readonly #nodes: NodeSet
  readonly #picker: Picker
  readonly #endpoints = new WeakMap<Method, Endpoint>()
  readonly #waiting = new Waiting()
  readonly #listeners = new Set<(state: ChannelState) => void>()
  readonly #stop = new AbortController()
  #state: ChannelState = 'idle'
  #resolved = false
  /** The set of nodes is being replaced: changes are looked at when it is whole. */
  #updating = false
  #failure: unknown
  #closed: Promise<void> | undefined

  constructor(init: ServiceChannelInit) {
    // The URL is part of error texts: a password has no place there.
    this.url = init.target.replace(/\/\/[^/@]*@/, '//')
    this.#init = init
    this.#picker = new Picker(init.balancer)
    this.#nodes = new NodeSet({ ...init, changed: () => this.#changed() })
  }

  get state(): ChannelState {
    return this.#state
  }

  endpoint<Req, Res>(method: Method<Req, Res>): Endpoint<Req, Res> {
    let endpoint = this.#endpoints.get(method as Method)
    if (!endpoint) {
      endpoint = this.#compose(method as Method)
      this.#endpoints.set(method as Method, endpoint)
    }
    return endpoint
  }

  onStateChange(listener: (state: ChannelState) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  connect(): void {
    if (this.#state !== 'idle') return
    this.#become('connecting')
    const follower: ServiceFollower = {
      ...this.#init,
      instances: (instances) => this.#update(instances),
      failed: (error) => this.#failed(error),
    }
    void runDetached(() => followService(follower, this.#stop.signal))
  }

  snapshot(): ChannelSnapshot {
    const problem = this.#failure ?? this.#nodes.problem
    return {
      target: this.url,
      state: this.#state,
      waiting: this.#waiting.size,
      problem: problem === undefined ? undefined : problem instanceof Error ? problem.message : String(problem),
      nodes: this.#nodes.all.map((node) => node.snapshot()),
      attemptMiddleware: withSnapshots(this.#init.attemptMiddleware).map(snapshotOf),
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  #compose(method: Method): Endpoint {
    const attempt = chain(...this.#init.attemptMiddleware)(async (request: unknown, context) => {
      const endpoint = context.get(attemptsKey)?.node.endpoint(method)
      if (context.cancelled) throw context.cancelled
      if (!endpoint) throw this.#unavailable('the connection was closed')
      return endpoint(request, context)
    })
    return async (request, context) => {
      const pick = this.#take(context) ?? (await this.#waiting.wait(context, () => this.#take(context)))
      const { node } = pick
      node.begin()
      context.peer = node.peer
      context.set(serverKey, node.peer.address)
      try {
        return await outcome(attempt, request, context, {
          end: (result) => {
            node.end()
            pick.done(result)
          },
        })
      } catch (error) {
        throw this.#explain(error, node)
      }
    }
  }

  /** A node for the attempt; nothing while there may soon be one; throws when there is none to wait for. */
  #take(context: Context): Pick<ChannelNode> | undefined {
    this.connect()
    if (this.#state === 'ready') return this.#picker.pick(context)
    if (this.#state === 'shutdown') throw this.#unavailable('the channel is closed', 'CHANNEL_CLOSED')
    if (this.#state === 'connecting' || waitsForReady(context)) return undefined
    if (!this.#resolved) throw this.#unavailable('its instances cannot be found', 'NO_INSTANCES')
    if (this.#nodes.active.length === 0) throw this.#unavailable(this.#absence(), 'NO_INSTANCES')
    // Nothing is connected and nothing is on the way: the transport of any node can say why, or may succeed after all.
    return this.#picker.pick(context)
  }

  async #update(instances: readonly Instance[]): Promise<void> {
    const { transports } = this.#init
    await transports.load(instances.flatMap((instance) => transports.choose(instance) ?? []))
    if (this.#stop.signal.aborted) return
    this.#updating = true
    try {
      this.#nodes.update(instances)
    } finally {
      this.#updating = false
    }
    this.#resolved = true
    this.#failure = undefined
    this.#init.troubles.over(this.#following)
    this.#changed()
  }

  #failed(error: unknown): void {
    this.#failure = error
    this.#init.troubles.report(this.#following, error)
    this.#changed()
  }

  #changed(): void {
    if (this.#updating || this.#stop.signal.aborted) return
    const nodes = this.#nodes.active
    const ready = nodes.filter((node) => node.state === 'ready')
    this.#picker.offer(ready.length > 0 ? ready : nodes)
    this.#become(this.#stateOf(ready.length, nodes))
    this.#waiting.wake()
  }

  #stateOf(ready: number, nodes: readonly ChannelNode[]): ChannelState {
    if (ready > 0) return 'ready'
    if (!this.#resolved) return this.#failure === undefined ? 'connecting' : 'transient_failure'
    const pending = nodes.some(({ state }) => state === 'connecting' || state === 'idle')
    return pending ? 'connecting' : 'transient_failure'
  }

  #become(state: ChannelState): void {
    if (this.#state === state) return
    this.#state = state
    for (const listener of [...this.#listeners]) listener(state)
  }

  async #close(): Promise<void> {
    this.#stop.abort()
    this.#become('shutdown')
    this.#waiting.wake()
    await Promise.all([this.#nodes.close(), this.#init.source.close()])
  }

  /** What is in trouble when there is no news of instances. */
  get #following(): string {
    return `cannot follow ${this.url}`
  }

  #absence(): string {
    const { known, problem } = this.#nodes
    if (problem !== undefined) return 'no instance has a usable address'
    if (known > 0) return `none of its ${known} instances passes the filters`
    return `it has no instance that speaks ${this.#init.transports.wanted}`
  }

  #unavailable(what: string, reason?: string): RpcError {
    const cause = this.#failure ?? this.#nodes.problem
    const why = cause instanceof Error ? `: ${cause.message}` : ''
    const domain = reason && 'tierkit'
    return new RpcError(Code.UNAVAILABLE, `${this.url}: ${what}${why}`, { reason, domain, cause, neverSent: true })
  }

  /** Names the target where no connection could be made. */
  #explain(thrown: unknown, node: ChannelNode): unknown {
    if (!(thrown instanceof RpcError) || !thrown.neverSent || thrown.code !== Code.UNAVAILABLE) return thrown
    node.failed(thrown)
    if (thrown.reason !== undefined || node.state === 'ready') return thrown
    return new RpcError(Code.UNAVAILABLE, `${this.url}: ${thrown.rawMessage}`, { cause: thrown, neverSent: true })
  }
}
