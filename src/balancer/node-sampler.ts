import type { Random } from '../resilience/clock.js'
import type { Node } from './balancer.js'

/**
 * Draws nodes by chance, each as often as its weight says, in constant time, and keeps what a balancer knows of a node for
 * as long as the node lives.
 *
 * @see https://www.keithschwarz.com/darts-dice-coins/ Vose's alias method
 */
export class NodeSampler<S> {
  /** What is known of each present node. */
  states: readonly S[] = []
  /** Mean weight of the present nodes. */
  meanWeight = 1
  readonly #known = new WeakMap<Node, S>()
  readonly #create: (node: Node) => S
  readonly #random: Random
  /** Chance of a column to keep its own node, and the node it gives way to; `undefined` while all weigh the same. */
  #columns: { readonly keep: Float64Array; readonly alias: Uint32Array } | undefined

  constructor(create: (node: Node) => S, random: Random) {
    this.#create = create
    this.#random = random
  }

  /** Replaces the nodes; those that were there before keep their state. */
  update(nodes: readonly Node[]): void {
    this.states = nodes.map((node) => this.#stateOf(node))
    this.meanWeight = nodes.reduce((sum, { weight }) => sum + weight, 0) / (nodes.length || 1)
    this.#columns = nodes.some(({ weight }) => weight !== nodes[0]?.weight) ? aliasColumns(nodes) : undefined
  }

  /** The index of a node, drawn by weight; -1 if there is none. */
  draw(): number {
    const count = this.states.length
    if (count < 2) return count - 1
    const at = this.#random() * count
    const column = Math.floor(at)
    if (!this.#columns) return column
    const { keep, alias } = this.#columns
    return at - column < (keep[column] ?? 1) ? column : (alias[column] ?? column)
  }

  /** The index of any other node than `index`, all alike; `index` itself if it is alone. */
  drawOther(index: number): number {
    const count = this.states.length
    if (count < 2) return index
    const at = index + 1 + Math.floor(this.#random() * (count - 1))
    return at < count ? at : at - count
  }

  #stateOf(node: Node): S {
    const known = this.#known.get(node)
    if (known !== undefined) return known
    const state = this.#create(node)
    this.#known.set(node, state)
    return state
  }
}

function aliasColumns(nodes: readonly Node[]): { keep: Float64Array; alias: Uint32Array } {
  const total = nodes.reduce((sum, { weight }) => sum + weight, 0)
  const keep = Float64Array.from(nodes, ({ weight }) => (weight * nodes.length) / total)
  const alias = Uint32Array.from(nodes, (_, index) => index)
  const small: number[] = []
  const large: number[] = []
  for (const [index, share] of keep.entries()) (share < 1 ? small : large).push(index)
  for (let low = small.pop(), high = large.pop(); low !== undefined && high !== undefined; low = small.pop()) {
    alias[low] = high
    keep[high] = (keep[high] ?? 0) - (1 - (keep[low] ?? 0))
    if ((keep[high] ?? 0) >= 1) continue
    small.push(high)
    high = large.pop()
  }
  return { keep, alias }
}
