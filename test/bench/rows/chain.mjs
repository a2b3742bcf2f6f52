import { Context, chain } from 'tierkit/endpoint'
import { inTurn } from '../measure/compare.mjs'

const CALLS = 300_000
const method = { service: 'bench.Greeter', name: 'SayHello', path: '/bench.Greeter/SayHello', kind: 'unary', http: [] }
const context = new Context({ method, side: 'server' })
const handler = async (request) => request

const pass = (next) => async (request, context) => await next(request, context)
const byHand = Array.from({ length: 8 }).reduce((next) => async (request) => await next(request), handler)
const chained = chain(...Array.from({ length: 8 }, () => pass))(handler)

/** Microseconds a call, one after the other. */
async function costOf(call) {
  const start = performance.now()
  for (let n = 0; n < CALLS; n += 1) await call()
  return ((performance.now() - start) * 1000) / CALLS
}

export default {
  name: 'chain',
  what: 'µs a call of a chain of eight async middlewares, and of making a Context',
  run({ rounds }) {
    const contenders = [
      { name: 'eight async functions by hand', measure: () => costOf(() => byHand(1)) },
      { name: 'chain of 8', goals: [{ value: 1 }], measure: () => costOf(() => chained(1, context)) },
      {
        name: 'new Context',
        goals: [{ value: 0.15 }],
        measure: () => costOf(() => new Context({ method, side: 'server' })),
      },
    ]
    return inTurn(contenders, { rounds, peer: 'eight async functions by hand', better: 'less', unit: 'µs' })
  },
}
