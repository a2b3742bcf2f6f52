import { inTurn } from '../measure/compare.mjs'
import { clientOn } from '../measure/load.mjs'
import { engines, GRPC_JS, goPeer, nodeServer, served, tierkitServer } from './contenders.mjs'

const GOALS = { fast: { bare: [{ peer: GRPC_JS, ratio: 8 }] }, 'grpc-js': { chain: [{ peer: GRPC_JS, ratio: 0.9 }] } }

export default {
  name: 'unary-client',
  what: 'unary calls a second that a client on one core makes, 100 in flight on what connections it likes; CPU time is of the client',
  run(options) {
    const { rounds, seconds } = options
    const { name, start } = target(options)
    console.log(`  the server, on the other core, is ${name}`)
    const client =
      (program, ...args) =>
      (server) =>
        clientOn(server, { program, args, seconds, side: 'client' })
    const own = engines(options).flatMap(({ engine, label }) =>
      ['bare', 'chain'].map((mode) =>
        served(`${label}, ${mode}`, start, client('tierkit-client', engine, mode), GOALS[engine][mode]),
      ),
    )
    return inTurn([served(GRPC_JS, start, client('grpc-js-client')), ...own], {
      rounds,
      peer: GRPC_JS,
      unit: 'calls/s',
    })
  },
}

/** The fastest server that there is here. */
function target(options) {
  const go = goPeer()
  if (go) return { name: 'grpc-go', start: () => go('grpc') }
  const fast = engines({ ...options, engine: 'fast' })
  if (fast.length > 0) return { name: 'tierkit fast, bare', start: () => tierkitServer('fast', 'bare') }
  return { name: GRPC_JS, start: () => nodeServer('grpc-js-server') }
}
