import { inTurn } from '../measure/compare.mjs'
import { clientOn } from '../measure/load.mjs'
import { engines, GRPC_JS, nodeServer, served, tierkitServer } from './contenders.mjs'

const FAST_GOALS = [{ peer: GRPC_JS, ratio: 6 }]
const MODES = {
  fast: [
    { server: 'bare', client: 'bare', what: 'bare' },
    { server: 'bare', client: 'chain', what: 'chain of client', goals: FAST_GOALS },
    { server: 'chain', client: 'chain', what: 'chain on both', goals: FAST_GOALS },
  ],
  'grpc-js': [
    { server: 'bare', client: 'bare', what: 'bare' },
    { server: 'chain', client: 'chain', what: 'chain on both', goals: [{ peer: GRPC_JS, ratio: 0.9 }] },
  ],
}

export default {
  name: 'end-to-end',
  what: 'unary calls a second between a client and a server, one core each, 100 in flight; the chain of a client is a static target, p2c, retry, breaker and the rest of its standard(); CPU time is of both',
  run(options) {
    const { rounds, seconds } = options
    const client =
      (program, ...args) =>
      (server) =>
        clientOn(server, { program, args, seconds, side: 'both' })
    const own = engines(options).flatMap(({ engine, label }) =>
      MODES[engine].map((mode) =>
        served(
          `${label}, ${mode.what}`,
          () => tierkitServer(engine, mode.server),
          client('tierkit-client', engine, mode.client),
          mode.goals,
        ),
      ),
    )
    const peer = served(GRPC_JS, () => nodeServer('grpc-js-server'), client('grpc-js-client'))
    return inTurn([peer, ...own], { rounds, peer: GRPC_JS, unit: 'calls/s' })
  },
}
