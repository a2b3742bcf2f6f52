import { inTurn } from '../measure/compare.mjs'
import { loadOn } from '../measure/load.mjs'
import { engines, GRPC_JS, goPeer, nodeServer, served, tierkitServer } from './contenders.mjs'

const RATE = 10_000
const GOALS = { fast: [{ peer: GRPC_JS, ratio: 0.5 }] }

export default {
  name: 'latency',
  what: `p99 of unary calls in ms from when each was due, ${RATE.toLocaleString('en')} a second on 10 connections whether or not earlier ones have ended, load by load/latency.mjs, which writes frames to sockets`,
  run(options) {
    const { rounds, seconds } = options
    const go = goPeer()
    const load = async (server) => {
      const { p99Ms, cpuMicros } = await loadOn(server, 'latency', seconds, RATE)
      return { value: p99Ms, cpuMicros }
    }
    const own = engines(options).flatMap(({ engine, label }) =>
      ['bare', 'chain'].map((mode) =>
        served(`${label}, ${mode}`, () => tierkitServer(engine, mode), load, GOALS[engine]),
      ),
    )
    const contenders = [
      served(GRPC_JS, () => nodeServer('grpc-js-server'), load),
      ...own,
      ...(go ? [served('grpc-go', () => go('grpc'), load)] : []),
    ]
    return inTurn(contenders, { rounds, peer: GRPC_JS, better: 'less', unit: 'ms' })
  },
}
