import { fast, type GrpcEngine, grpcJs } from '../grpc-suite/engines.js'
import { allKinds, closeBoth, runConformance } from '../run-conformance.js'

const pairs: readonly [string, GrpcEngine, GrpcEngine][] = [
  ['grpc', fast, fast],
  ['grpc-js calls grpc', fast, grpcJs],
  ['grpc calls grpc-js', grpcJs, fast],
]

for (const [name, serverEngine, channelEngine] of pairs) {
  runConformance({
    name,
    kinds: allKinds,
    async connect(bindings, options) {
      const server = serverEngine.server({ host: '127.0.0.1', port: 0, ...options })
      const { url } = await server.listen(bindings)
      const channel = channelEngine.channel(url)
      return { server, channel, close: () => closeBoth(channel, server) }
    },
  })
}
