import { inTurn } from '../measure/compare.mjs'
import { httpLoadOn } from '../measure/load.mjs'
import { installed } from '../measure/process.mjs'
import { nodeServer, served } from './contenders.mjs'

export default {
  name: 'http',
  what: 'JSON POSTs a second that one core answers over HTTP/1.1 to 100 connections, load by wrk',
  async run({ rounds, seconds }) {
    if (!installed('wrk')) {
      console.log('  skipped: there is no wrk here')
      return []
    }
    const load = (server) => httpLoadOn(server, { path: '/bench.Greeter/SayHello', body: '{"name":"world"}', seconds })
    const contenders = [
      served('Fastify', () => nodeServer('fastify'), load),
      served('tierkit http', () => nodeServer('tierkit-http'), load, [{ peer: 'Fastify', ratio: 1 }]),
    ]
    return inTurn(contenders, { rounds, peer: 'Fastify', unit: 'requests/s' })
  },
}
