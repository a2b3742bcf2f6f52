import type { Balancer, Pick } from '../../balancer/balancer.js'
import type { Context } from '../../endpoint/context.js'
import { type ContextKey, contextKey } from '../../endpoint/context-value.js'
import { waitForReadyKey } from '../../endpoint/outgoing.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { ChannelNode } from './channel-node.js'

/** Where the attempts of a call went; a context has it once one was made. */
export interface Attempts {
  /** The node of the present attempt. */
  node: ChannelNode
  /** Whether the call waits for a connection. The channel to the node must not: another node may be connected sooner. */
  readonly waits: boolean
  /** Nodes of this round: a retry goes elsewhere while there is an elsewhere. */
  tried: ChannelNode[]
}

/** Under which a call remembers where its attempts went. */
export const attemptsKey: ContextKey<Attempts> = contextKey('attempts')

/** How often the balancer is asked again for a node that was not tried yet, before one is taken without it. */
const REPICKS = 4

const REFUSED = {
  code: Code.CANCELLED,
  error: new RpcError(Code.CANCELLED, 'the call went to another node', { neverSent: true }),
  durationMs: 0,
}

/** Asks the balancer, and sees to it that the attempts of one call go to different nodes. */
export class Picker {
  readonly #balancer: Balancer
  #nodes: readonly ChannelNode[] = []
  #instances: readonly unknown[] = []
  /** What the balancer threw when it was given the nodes. */
  #problem: { readonly thrown: unknown } | undefined

  constructor(balancer: Balancer) {
    this.#balancer = balancer
  }

  /** The nodes to choose from, from now on. */
  offer(nodes: readonly ChannelNode[]): void {
    const instances = nodes.map((node) => node.instance)
    if (same(this.#nodes, nodes) && same(this.#instances, instances)) return
    this.#nodes = nodes
    this.#instances = instances
    this.#problem = undefined
    try {
      this.#balancer.update(nodes)
    } catch (thrown) {
      this.#problem = { thrown }
    }
  }

  /** Chooses a node; throws `INTERNAL` if the balancer fails, `UNAVAILABLE` if it wants none. */
  pick(context: Context): Pick<ChannelNode> {
    const attempts = context.get(attemptsKey)
    if (!attempts) {
      const pick = this.#ask(context)
      const waits = waitsForReady(context)
      context.set(attemptsKey, { node: pick.node, tried: [pick.node], waits })
      if (waits) context.set(waitForReadyKey, false)
      return pick
    }
    const fresh = this.#nodes.filter((node) => !attempts.tried.includes(node))
    if (fresh.length === 0) attempts.tried = []
    const pick = fresh.length === 0 ? this.#ask(context) : this.#askFor(fresh, context)
    attempts.node = pick.node
    attempts.tried.push(pick.node)
    return pick
  }

  #askFor(wanted: readonly ChannelNode[], context: Context): Pick<ChannelNode> {
    for (let ask = 0; ask <= REPICKS; ask += 1) {
      const pick = this.#ask(context)
      if (wanted.includes(pick.node)) return pick
      pick.done(REFUSED)
    }
    return { node: wanted[0] as ChannelNode, done: () => {} }
  }

  #ask(context: Context): Pick<ChannelNode> {
    const pick = this.#choose(context)
    if (!pick) throw new RpcError(Code.UNAVAILABLE, 'the balancer chose no instance', { neverSent: true })
    if (pick.node instanceof ChannelNode) return pick as Pick<ChannelNode>
    throw new RpcError(Code.INTERNAL, 'the balancer chose a node that it was not given', { neverSent: true })
  }

  #choose(context: Context): Pick | undefined {
    try {
      if (this.#problem) throw this.#problem.thrown
      return this.#balancer.pick(context)
    } catch (cause) {
      throw new RpcError(Code.INTERNAL, 'the balancer failed', { cause, neverSent: true })
    }
  }
}

/** Whether a call waits where others fail fast. */
export function waitsForReady(context: Context): boolean {
  return context.get(attemptsKey)?.waits ?? context.get(waitForReadyKey) ?? false
}

function same(one: readonly unknown[], other: readonly unknown[]): boolean {
  return one.length === other.length && one.every((item, index) => item === other[index])
}
