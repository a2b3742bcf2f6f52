import type { Outcome } from '../endpoint/outcome.js'
import { Code } from '../error/code.js'
import type { Random } from '../resilience/clock.js'
import { PeakEwma } from '../resilience/ewma.js'
import type { Balancer, Node, Pick } from './balancer.js'
import { NodeSampler } from './node-sampler.js'

/** How fast the balancer takes offence, and how fast it forgives. */
export interface PeakEwmaBalancerOptions {
  /** After this long a hundredth is left of a peak, in ms. 10,000 by default. */
  readonly decayMs?: number | undefined
  /**
   * A node that was passed over for this long gets one call, so that its recovery is seen, in ms. 1,000 by default.
   * `Infinity` leaves it to decay.
   */
  readonly probeMs?: number | undefined
  /** What a failed call counts as at least, in ms: or else a node that fails fast would draw all calls. 1,000 by default. */
  readonly failureCostMs?: number | undefined
  /** `Math.random` by default. */
  readonly random?: Random | undefined
}

/**
 * Of two nodes drawn by chance the one with the lower load: the moving peak of its latency, times its calls in flight and
 * one. It turns from a slow node within a few calls and comes back within seconds when the node does. Nodes of like load
 * share by weight.
 *
 * Latency is learnt from unary calls; streams count while they are open. Server faults count as `failureCostMs` at least, a
 * passed deadline as the time that it took at least, cancelled calls not at all.
 *
 * @see https://linkerd.io/2016/03/16/beyond-round-robin-load-balancing-for-latency/
 */
export function peakEwma(options: PeakEwmaBalancerOptions = {}): Balancer {
  const { decayMs = 10_000, probeMs = 1_000, failureCostMs = 1_000, random = Math.random } = options
  const sampler = new NodeSampler((node) => new Load(node, new PeakEwma(decayMs)), random)
  return {
    update: (nodes) => sampler.update(nodes),
    pick(context) {
      const first = sampler.draw()
      const one = sampler.states[first]
      if (!one) return undefined
      const now = context.clock.now()
      const other = sampler.states[sampler.drawOther(first)] ?? one
      const { meanWeight } = sampler
      const better = other.at(now, meanWeight) < one.at(now, meanWeight) * CLEARLY_LESS ? other : one
      const worse = better === one ? other : one
      const chosen = isDue(worse, now - probeMs) && !isDue(better, now - probeMs) ? worse : better
      chosen.pickedAt = now
      return new TimedPick(chosen, context.method.kind === 'unary', failureCostMs)
    },
  }
}

/** Loads that differ by less than half count as alike: latency is noise up to there, and following it would herd. */
const CLEARLY_LESS = 2 / 3

/** What a node is worth that was never measured but is being called: one call has to come back before the next goes there. */
const UNKNOWN_COST = 2 ** 47

/** Durations below the clock's grain are not free of cost. */
const LEAST_COST_MS = 0.001

class Load {
  readonly node: Node
  readonly cost: PeakEwma
  calls = 0
  pickedAt = Number.NEGATIVE_INFINITY

  constructor(node: Node, cost: PeakEwma) {
    this.node = node
    this.cost = cost
  }

  at(now: number, meanWeight: number): number {
    const cost = this.cost.valueAt(now)
    // Most of many nodes are idle, and their weight need not be looked up.
    if (this.calls === 0) return cost
    const calls = (this.calls * meanWeight) / this.node.weight
    return cost === 0 ? UNKNOWN_COST + calls : cost * (calls + 1)
  }
}

function isDue(load: Load, before: number): boolean {
  return load.calls === 0 && load.pickedAt < before
}

class TimedPick implements Pick {
  readonly node: Node
  readonly #pickedAt: number
  readonly #timed: boolean
  readonly #failureCostMs: number
  #load: Load | undefined

  constructor(load: Load, timed: boolean, failureCostMs: number) {
    this.node = load.node
    this.#load = load
    this.#pickedAt = load.pickedAt
    this.#timed = timed
    this.#failureCostMs = failureCostMs
    load.calls += 1
  }

  done({ code, durationMs }: Outcome): void {
    const load = this.#load
    if (!load) return
    this.#load = undefined
    load.calls -= 1
    if (code === Code.CANCELLED) return
    // Spares asking for the time again, which costs more than all the rest.
    const now = this.#pickedAt + durationMs
    const failed = serverFaults.has(code)
    if (!failed && !this.#timed) return
    // A call that was cut off would have taken longer: it can raise the cost, not lower it.
    if (code === Code.DEADLINE_EXCEEDED && durationMs <= load.cost.valueAt(now)) return
    load.cost.observe(Math.max(durationMs, failed ? this.#failureCostMs : LEAST_COST_MS), now)
  }
}

const serverFaults: ReadonlySet<Code> = new Set([
  Code.UNKNOWN,
  Code.RESOURCE_EXHAUSTED,
  Code.INTERNAL,
  Code.UNAVAILABLE,
  Code.DATA_LOSS,
])
