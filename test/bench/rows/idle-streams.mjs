import { inTurn } from '../measure/compare.mjs'
import { startLoad, startServer } from '../measure/process.mjs'
import { engines, GRPC_JS } from './contenders.mjs'

const STREAMS = 10_000
const CONNECTIONS = 16
/** Streams that are open before the first look, so that code which runs for the first time does not count. */
const EARLIER = 160
/** Collected whole for each look; a small young generation, for what it grows by belongs to no stream. */
const NODE_OPTIONS = ['--expose-gc', '--max-semi-space-size=1']

export default {
  name: 'idle-streams',
  what: `KiB of memory a server has for each of ${STREAMS.toLocaleString('en')} open server streams on ${CONNECTIONS} connections that have sent one message and wait, garbage collected: resident, and in the heap with buffers`,
  run(options) {
    const servers = [
      { label: GRPC_JS, args: ['contenders/grpc-js-server.mjs'] },
      ...engines(options).map(({ engine, label }) => ({
        label,
        args: ['contenders/tierkit-server.mjs', engine, 'bare'],
        goals: engine === 'fast',
      })),
    ]
    const peer = `${GRPC_JS}, resident`
    return inTurn(servers.flatMap(contenders), { rounds: options.rounds, peer, better: 'less', unit: 'KiB' })
  },
}

/** One measurement and two looks at it. */
function contenders({ label, args, goals }) {
  let last
  return ['resident', 'heap'].map((kind) => {
    const peer = `${GRPC_JS}, ${kind}`
    return {
      name: `${label}, ${kind}`,
      peer,
      goals: goals ? [{ value: 4 }, { peer, ratio: 0.5 }] : [],
      async measure() {
        if (kind === 'resident') last = await perStream(args)
        return last[kind]
      },
    }
  })
}

async function perStream(args) {
  const server = await startServer('node', [...NODE_OPTIONS, ...args])
  const load = startLoad('node', ['load/idle-streams.mjs', String(server.port), String(CONNECTIONS)])
  try {
    await load.nextLine()
    await load.ask(EARLIER)
    const before = JSON.parse(await server.ask('memory'))
    await load.ask(STREAMS)
    const after = JSON.parse(await server.ask('memory'))
    const kib = (kind) => (after[kind] - before[kind]) / STREAMS / 1024
    return { resident: kib('resident'), heap: kib('heap') }
  } finally {
    await load.stop()
    await server.stop()
  }
}
