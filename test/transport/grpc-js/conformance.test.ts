import { grpcJsChannel, grpcJsServer } from 'tierkit/transport/grpc-js'
import { allKinds, closeBoth, runConformance } from '../run-conformance.js'

runConformance({
  name: 'grpc-js',
  kinds: allKinds,
  async connect(bindings, options) {
    const server = grpcJsServer({ host: '127.0.0.1', port: 0, ...options })
    const { url } = await server.listen(bindings)
    const channel = grpcJsChannel(url)
    return { server, channel, close: () => closeBoth(channel, server) }
  },
})
