import type { Node, NodeFilter } from '../../balancer/balancer.js'
import type { Instance } from '../../registry/registry.js'
import { ChannelNode } from './channel-node.js'
import type { Transports } from './transports.js'

/** What a set of nodes is made of. */
export interface NodeSetInit {
  readonly transports: Transports
  readonly filters: readonly NodeFilter[]
  /** Told of every change of the state of a node. */
  changed(): void
}

/**
 * The nodes of a service. An address that survives an update keeps its node and its channel; one that is gone is drained.
 * Only addresses that pass the filters are connected.
 */
export class NodeSet {
  readonly #init: NodeSetInit
  readonly #nodes = new Map<string, ChannelNode>()
  /** Nodes whose address is gone while calls to it still run. */
  readonly #leaving = new Set<ChannelNode>()
  #active: readonly ChannelNode[] = []
  #problem: unknown

  constructor(init: NodeSetInit) {
    this.#init = init
  }

  /** The nodes that calls may go to, as far as registry and filters say. */
  get active(): readonly ChannelNode[] {
    return this.#active
  }

  /** All that are known, and those that are gone while calls to them run. */
  get all(): readonly ChannelNode[] {
    return [...this.#nodes.values(), ...this.#leaving]
  }

  /** How many addresses are known, those included that the filters left out. */
  get known(): number {
    return this.#nodes.size
  }

  /** Why the address that failed last cannot be used, if one cannot. */
  get problem(): unknown {
    return this.#problem
  }

  /** Takes the full set of instances. The transports must have been loaded. */
  update(instances: readonly Instance[]): void {
    const chosen = new Map<string, Instance>()
    for (const instance of instances) {
      const url = this.#init.transports.choose(instance)
      if (url !== undefined) chosen.set(url, instance)
    }
    for (const node of [...this.#nodes.values()]) if (!chosen.has(node.url)) this.#remove(node)
    for (const [url, instance] of chosen) this.#put(url, instance)
    this.#activate(this.#filtered())
  }

  /** Closes every channel. */
  async close(): Promise<void> {
    const nodes = [...this.#nodes.values(), ...this.#leaving]
    this.#nodes.clear()
    this.#leaving.clear()
    this.#active = []
    await Promise.all(nodes.map((node) => node.close()))
  }

  #put(url: string, instance: Instance): void {
    const node = this.#nodes.get(url)
    if (node) node.instance = instance
    else {
      const factory = this.#init.transports.factory(url)
      this.#nodes.set(url, new ChannelNode({ instance, url, factory, changed: this.#init.changed }))
    }
  }

  #remove(node: ChannelNode): void {
    this.#nodes.delete(node.url)
    node.retire()
    for (const left of this.#leaving) if (left.state === 'shutdown') this.#leaving.delete(left)
    if (node.state !== 'shutdown') this.#leaving.add(node)
  }

  #filtered(): ReadonlySet<Node> {
    const all: readonly Node[] = [...this.#nodes.values()]
    return new Set(this.#init.filters.reduce((nodes, filter) => filter(nodes), all))
  }

  #activate(wanted: ReadonlySet<Node>): void {
    this.#problem = undefined
    this.#active = [...this.#nodes.values()].filter((node) => wanted.has(node) && this.#open(node))
    for (const node of this.#nodes.values()) if (!wanted.has(node)) node.retire()
  }

  #open(node: ChannelNode): boolean {
    try {
      node.open()
      return true
    } catch (error) {
      // One address that cannot be used must not take the others with it.
      this.#problem = error
      return false
    }
  }
}
