import { inTurn } from '../measure/compare.mjs'
import { loadOn } from '../measure/load.mjs'
import { engines, GRPC_JS, nodeServer, served, tierkitServer } from './contenders.mjs'

const SIZES = [
  { bytes: 100, unit: 'messages/s', goal: 5, inUnit: (perSecond) => perSecond },
  { bytes: 65_536, unit: 'MB/s', goal: 2, inUnit: (perSecond) => (perSecond * 65_536) / 1e6 },
]

export default {
  name: 'streaming',
  what: 'messages a second of 100 bytes, and MB a second in messages of 64 KiB, that one core sends on 10 server streams of 2 connections, read by load/streaming.mjs, which counts bytes and decodes nothing',
  async run(options) {
    const own = engines(options)
    const results = []
    for (const size of SIZES) results.push(...(await ofSize(size, own, options)))
    return results
  },
}

function ofSize({ bytes, unit, goal, inUnit }, own, { rounds, seconds }) {
  const load = async (server) => {
    const { value, cpuMicros, busy } = await loadOn(server, 'streaming', seconds, bytes)
    return { value: inUnit(value), cpuMicros, busy }
  }
  const peer = `${GRPC_JS}, ${bytes} bytes`
  const contenders = own.map(({ engine, label }) =>
    served(
      `${label}, ${bytes} bytes`,
      () => tierkitServer(engine, 'bare'),
      load,
      engine === 'fast' ? [{ peer, ratio: goal }] : [],
    ),
  )
  return inTurn([served(peer, () => nodeServer('grpc-js-server'), load), ...contenders], { rounds, peer, unit })
}
