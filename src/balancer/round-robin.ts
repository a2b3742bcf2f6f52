import type { Random } from '../resilience/clock.js'
import type { Balancer, Node, Pick } from './balancer.js'

/** How turns are taken. */
export interface RoundRobinOptions {
  /** Decides who is first, so that many clients do not begin with the same node. `Math.random` by default. */
  readonly random?: Random | undefined
}

/** Every node in turn, whatever its weight or load. After a change of the set the turn goes on where it was. */
export function roundRobin(options: RoundRobinOptions = {}): Balancer {
  const { random = Math.random } = options
  let picks: readonly Pick[] = []
  let next = 0
  return {
    update(nodes) {
      next = position(nodes, picks, next) ?? Math.floor(random() * nodes.length)
      picks = nodes.map((node) => ({ node, done: () => {} }))
    },
    pick() {
      const pick = picks[next]
      next = next + 1 < picks.length ? next + 1 : 0
      return pick
    },
  }
}

/** Where, among the new nodes, the first of the old ones stands that would have had its turn. */
function position(nodes: readonly Node[], picks: readonly Pick[], next: number): number | undefined {
  const indexes = new Map(nodes.map((node, index) => [node, index]))
  for (const { node } of [...picks.slice(next), ...picks.slice(0, next)]) {
    const index = indexes.get(node)
    if (index !== undefined) return index
  }
  return undefined
}
