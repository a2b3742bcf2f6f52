import { inTurn } from '../measure/compare.mjs'
import { clientCallsPerSecond } from '../measure/load.mjs'
import { goPeer, nodeServer, served } from './servers.mjs'

export default {
  name: 'unary-client',
  what: 'unary calls a second that a client on one core makes, 100 in flight, against grpc-go or else grpc-js',
  run({ rounds, seconds }) {
    const go = goPeer()
    const start = () => (go ? go('grpc') : nodeServer('grpc-js-server'))
    const client =
      (name, ...args) =>
      (port) =>
        clientCallsPerSecond(`contenders/${name}-client.mjs`, port, seconds, ...args)
    const contenders = [
      served('@grpc/grpc-js', start, client('grpc-js')),
      served('tierkit grpc-js engine, bare', start, client('tierkit', 'bare')),
      served('tierkit grpc-js engine, chain', start, client('tierkit', 'chain')),
    ]
    return inTurn(contenders, { rounds, peer: '@grpc/grpc-js', unit: 'calls/s' })
  },
}
