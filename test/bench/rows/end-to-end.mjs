import { inTurn } from '../measure/compare.mjs'
import { clientCallsPerSecond } from '../measure/load.mjs'
import { nodeServer, served } from './servers.mjs'

export default {
  name: 'end-to-end',
  what: 'unary calls a second between a client and a server, one core each, 100 in flight; chain: discovery, p2c, retry, breaker',
  run({ rounds, seconds }) {
    const client =
      (name, ...args) =>
      (port) =>
        clientCallsPerSecond(`contenders/${name}-client.mjs`, port, seconds, ...args)
    const contenders = [
      served('@grpc/grpc-js', () => nodeServer('grpc-js-server'), client('grpc-js')),
      served('tierkit grpc-js engine, bare', () => nodeServer('tierkit-server', 'bare'), client('tierkit', 'bare')),
      served('tierkit grpc-js engine, chain', () => nodeServer('tierkit-server', 'chain'), client('tierkit', 'chain')),
    ]
    return inTurn(contenders, {
      rounds,
      peer: '@grpc/grpc-js',
      unit: 'calls/s',
      goal: { 'tierkit grpc-js engine, chain': 0.9 },
    })
  },
}
