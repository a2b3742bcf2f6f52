import type { Random } from '../resilience/clock.js'
import type { Balancer, Node, Pick } from './balancer.js'

/** How turns are taken. */
export interface WeightedRoundRobinOptions {
  /** Decides where in the round to begin, and the order of equals. `Math.random` by default. */
  readonly random?: Random | undefined
}

/**
 * Every node in turn, as often as its weight says and spread evenly: of weights 5, 1 and 1, any 7 picks in a row hold
 * exactly 5, 1 and 1.
 *
 * Weights that are not whole numbers up to a million are rounded to a ten-thousandth of the largest. A pick costs
 * O(log n); survivors of a change keep their turn.
 */
export function weightedRoundRobin(options: WeightedRoundRobinOptions = {}): Balancer {
  const { random = Math.random } = options
  const now: Moment = { round: 0, at: random() }
  let turns: Turn[] = []
  return {
    update(nodes) {
      const known = new Map(turns.map((turn) => [turn.node, turn]))
      turns = wholeWeights(nodes).map((weight, index) => {
        const node = nodes[index] as Node
        const turn = known.get(node)
        return turn?.weight === weight ? turn : new Turn(node, weight, { ...now, tie: turn?.tie ?? random() })
      })
      // Sorted is a heap already.
      turns.sort((one, other) => (before(one, other) ? -1 : 1))
    },
    pick() {
      const turn = turns[0]
      if (!turn) return undefined
      now.round = turn.round
      now.at = turn.at
      turn.advance()
      sinkFirst(turns)
      return turn
    },
  }
}

/** A point of virtual time: a round is the time in which a node of weight w has w turns. */
interface Moment {
  round: number
  /** From 0 to 1, within the round. */
  at: number
}

/**
 * The next turn of a node: the nth of weight w comes at (n + ½) / w of a round. Counting starts anew each round, so that
 * rounding is the same in all of them and every round is exactly like the one before.
 */
class Turn implements Pick, Moment {
  readonly node: Node
  readonly weight: number
  /** Decides between turns at the same moment, the same way each time. */
  readonly tie: number
  round: number
  at: number
  #index: number

  /** The first turn after a moment. */
  constructor(node: Node, weight: number, after: Moment & { readonly tie: number }) {
    this.node = node
    this.weight = weight
    this.tie = after.tie
    this.round = after.round
    this.#index = Math.floor(after.at * weight + 0.5) - 1
    this.at = 0
    this.advance()
  }

  advance(): void {
    this.#index += 1
    if (this.#index >= this.weight) {
      this.#index = 0
      this.round += 1
    }
    this.at = (this.#index + 0.5) / this.weight
  }

  done(): void {}
}

function before(one: Turn, other: Turn): boolean {
  if (one.round !== other.round) return one.round < other.round
  return one.at === other.at ? one.tie < other.tie : one.at < other.at
}

/** Restores the heap after its first element has become later. */
function sinkFirst(heap: Turn[]): void {
  const turn = heap[0] as Turn
  let index = 0
  for (;;) {
    let child = 2 * index + 1
    const left = heap[child]
    if (!left) break
    const right = heap[child + 1]
    let next = left
    if (right && before(right, left)) {
      next = right
      child += 1
    }
    if (!before(next, turn)) break
    heap[index] = next
    index = child
  }
  heap[index] = turn
}

function wholeWeights(nodes: readonly Node[]): number[] {
  const whole = nodes.every(({ weight }) => Number.isInteger(weight) && weight <= 1_000_000)
  const scale = whole ? 1 : 10_000 / nodes.reduce((most, { weight }) => Math.max(most, weight), 0)
  return nodes.map(({ weight }) => Math.max(1, Math.round(weight * scale)))
}
