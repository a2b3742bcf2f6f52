import { httpChannel, httpServer } from 'tierkit/transport/http'
import { allKinds, closeBoth, runConformance } from '../run-conformance.js'

runConformance({
  name: 'http',
  kinds: allKinds,
  async connect(bindings, { maxReceiveBytes }) {
    const server = httpServer({ host: '127.0.0.1', port: 0, maxBodyBytes: maxReceiveBytes })
    const { url } = await server.listen(bindings)
    const channel = httpChannel(url)
    return { server, channel, close: () => closeBoth(channel, server) }
  },
})
