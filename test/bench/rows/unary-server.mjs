import { inTurn } from '../measure/compare.mjs'
import { grpcLoad, grpcLoadOn } from '../measure/load.mjs'
import { engines, GRPC_JS, goPeer, nodeServer, served, tierkitServer } from './contenders.mjs'

const CHAIN_GOALS = [
  { peer: GRPC_JS, ratio: 5 },
  { peer: 'Go kit', ratio: 1.5 },
]
const MODES = {
  fast: [
    {
      mode: 'bare',
      goals: [
        { peer: GRPC_JS, ratio: 8 },
        { peer: 'grpc-go', ratio: 2 },
      ],
    },
    { mode: 'chain', goals: CHAIN_GOALS },
    { mode: 'otel', what: 'chain and OTel SDK at 1 %', goals: CHAIN_GOALS },
    { mode: 'records', what: 'chain, a record a call', goals: CHAIN_GOALS },
  ],
  'grpc-js': [{ mode: 'bare' }, { mode: 'chain', goals: [{ peer: GRPC_JS, ratio: 0.9 }] }],
}

export default {
  name: 'unary-server',
  what: `unary calls a second that one core answers, 100 in flight on 10 connections, load by ${grpcLoad}; chain is standard(), logging failures only`,
  run(options) {
    const { rounds, seconds } = options
    const go = goPeer()
    const load = (server) => grpcLoadOn(server, seconds)
    const own = engines(options).flatMap(({ engine, label }) =>
      MODES[engine].map(({ mode, what = mode, goals }) =>
        served(`${label}, ${what}`, () => tierkitServer(engine, mode), load, goals),
      ),
    )
    const contenders = [
      served(GRPC_JS, () => nodeServer('grpc-js-server'), load),
      ...own,
      served('nice-grpc', () => nodeServer('nice-grpc-server'), load),
      ...(go ? [served('grpc-go', () => go('grpc'), load), served('Go kit', () => go('kit'), load)] : []),
    ]
    return inTurn(contenders, { rounds, peer: GRPC_JS, unit: 'calls/s' })
  },
}
