import type { Random } from '../resilience/clock.js'
import type { Balancer, Pick } from './balancer.js'
import { NodeSampler } from './node-sampler.js'

/** How chance is had. */
export interface RandomOptions {
  /** `Math.random` by default. */
  readonly random?: Random | undefined
}

/** Any node by chance, as often as its weight says. */
export function random(options: RandomOptions = {}): Balancer {
  const sampler = new NodeSampler<Pick>((node) => ({ node, done: () => {} }), options.random ?? Math.random)
  return {
    update: (nodes) => sampler.update(nodes),
    pick: () => sampler.states[sampler.draw()],
  }
}
