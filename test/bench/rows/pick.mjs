import { leastRequest, peakEwma, random, roundRobin, weightedRoundRobin } from 'tierkit/balancer'
import { Context } from 'tierkit/endpoint'
import { inTurn } from '../measure/compare.mjs'

const PICKS = 1_000_000
const GOALS = { roundRobin: 100, leastRequest: 150, peakEwma: 150, weightedRoundRobin: 200 }
const method = { service: 'bench.Greeter', name: 'SayHello', path: '/bench.Greeter/SayHello', kind: 'unary', http: [] }
const context = new Context({ method, side: 'client' })
const outcome = { code: 0, error: undefined, durationMs: 1 }
const nodes = Array.from({ length: 1000 }, (_, n) => ({
  url: `grpc://10.0.0.1:${n}`,
  weight: 100 + (n % 7),
  instance: { id: String(n), name: 'a', version: '1', metadata: {}, endpoints: [] },
}))

/** Nanoseconds a pick, its outcome given back. */
function costOf(balancer) {
  const start = performance.now()
  for (let n = 0; n < PICKS; n += 1) balancer.pick(context).done(outcome)
  return ((performance.now() - start) * 1e6) / PICKS
}

export default {
  name: 'pick',
  what: 'ns a pick and its outcome among 1,000 instances',
  run({ rounds }) {
    const contenders = [roundRobin, random, weightedRoundRobin, leastRequest, peakEwma].map((make) => {
      const balancer = make()
      balancer.update(nodes)
      const goals = make.name in GOALS ? [{ value: GOALS[make.name] }] : []
      return { name: make.name, goals, measure: async () => costOf(balancer) }
    })
    let next = 0
    const byHand = { name: 'array[n++ % length]', measure: async () => plain(() => nodes[next++ % nodes.length]) }
    return inTurn([byHand, ...contenders], { rounds, peer: byHand.name, better: 'less', unit: 'ns' })
  },
}

function plain(pick) {
  return costOf({ pick: () => ({ node: pick(), done() {} }) })
}
