import { inTurn } from '../measure/compare.mjs'
import { httpLoadOn } from '../measure/load.mjs'
import { installed } from '../measure/process.mjs'
import { nodeServer, served } from './contenders.mjs'

const PATH = '/v1/orders/o-4711?limit=20&state=PAID&verbose=true&tags=a&tags=b'

export default {
  name: 'rest',
  what: 'GETs a second, with a path parameter and four of the query, that one core answers over HTTP/1.1, load by wrk',
  async run({ rounds, seconds }) {
    if (!installed('wrk')) {
      console.log('  skipped: there is no wrk here')
      return []
    }
    const load = (server) => httpLoadOn(server, { path: PATH, seconds })
    const contenders = [
      served('Fastify with a schema', () => nodeServer('fastify'), load),
      served('tierkit http', () => nodeServer('tierkit-http'), load, [{ peer: 'Fastify with a schema', ratio: 1 }]),
    ]
    return inTurn(contenders, { rounds, peer: 'Fastify with a schema', unit: 'requests/s' })
  },
}
