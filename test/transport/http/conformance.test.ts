import { httpChannel, httpServer } from 'tierkit/transport/http'
import { closeBoth, runConformance } from '../run-conformance.js'

runConformance({
  name: 'http',
  // HTTP/1.1 cannot carry requests and responses at the same time.
  kinds: ['unary', 'client_stream', 'server_stream'],
  async connect(bindings, { maxReceiveBytes }) {
    const server = httpServer({ host: '127.0.0.1', port: 0, maxBodyBytes: maxReceiveBytes })
    const { url } = await server.listen(bindings)
    const channel = httpChannel(url)
    return { server, channel, close: () => closeBoth(channel, server) }
  },
})
