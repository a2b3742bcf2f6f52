import { inTurn } from '../measure/compare.mjs'
import { grpcCallsPerSecond, grpcLoad } from '../measure/load.mjs'
import { goPeer, nodeServer, served } from './servers.mjs'

export default {
  name: 'unary-server',
  what: `unary calls a second that one core answers, 100 in flight, load by ${grpcLoad}`,
  run({ rounds, seconds }) {
    const go = goPeer()
    const load = (port) => grpcCallsPerSecond(port, seconds)
    const contenders = [
      served('@grpc/grpc-js', () => nodeServer('grpc-js-server'), load),
      served('tierkit grpc-js engine, bare', () => nodeServer('tierkit-server', 'bare'), load),
      served('tierkit grpc-js engine, chain', () => nodeServer('tierkit-server', 'chain'), load),
      served('nice-grpc', () => nodeServer('nice-grpc-server'), load),
      ...(go ? [served('grpc-go', () => go('grpc'), load), served('Go kit', () => go('kit'), load)] : []),
    ]
    return inTurn(contenders, {
      rounds,
      peer: '@grpc/grpc-js',
      unit: 'calls/s',
      goal: { 'tierkit grpc-js engine, chain': 0.9 },
    })
  },
}
