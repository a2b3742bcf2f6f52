import type { Random } from '../resilience/clock.js'
import type { Balancer, Node, Pick } from './balancer.js'
import { NodeSampler } from './node-sampler.js'

/** How many nodes are compared. */
export interface LeastRequestOptions {
  /** Nodes drawn for each pick, from 2 to 10; 2 by default. More follows the load closer, and herds more. */
  readonly choices?: number | undefined
  /** `Math.random` by default. */
  readonly random?: Random | undefined
}

/**
 * Of two nodes drawn by chance the one with fewer calls in flight, in proportion to its weight: near the best balance for a
 * constant price, without the herding of always taking the least of all. Without load, picks are shared by weight.
 *
 * Throws a `RangeError` for fewer than 2 `choices`; more than 10 count as 10.
 *
 * @see https://github.com/grpc/proposal/blob/master/A48-xds-least-request-lb-policy.md
 */
export function leastRequest(options: LeastRequestOptions = {}): Balancer {
  const { choices = 2, random = Math.random } = options
  if (!(choices >= 2)) throw new RangeError(`leastRequest: choices must be 2 to 10, not ${choices}`)
  const drawn = Math.min(choices, 10)
  const sampler = new NodeSampler((node) => new InFlight(node), random)
  return {
    update: (nodes) => sampler.update(nodes),
    pick() {
      const first = sampler.draw()
      let best = sampler.states[first]
      if (!best) return undefined
      for (let more = 1; more < drawn; more += 1) {
        const other = sampler.states[sampler.drawOther(first)]
        if (other && other.load < best.load) best = other
      }
      return new CountedPick(best)
    },
  }
}

class InFlight {
  readonly node: Node
  calls = 0

  constructor(node: Node) {
    this.node = node
  }

  get load(): number {
    return this.calls / this.node.weight
  }
}

class CountedPick implements Pick {
  readonly node: Node
  #inFlight: InFlight | undefined

  constructor(inFlight: InFlight) {
    this.node = inFlight.node
    this.#inFlight = inFlight
    inFlight.calls += 1
  }

  done(): void {
    if (this.#inFlight) this.#inFlight.calls -= 1
    this.#inFlight = undefined
  }
}
