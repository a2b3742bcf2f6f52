import { createInproc } from 'tierkit/transport/inproc'
import { allKinds, closeBoth, runConformance } from '../run-conformance.js'

runConformance({
  name: 'inproc',
  kinds: allKinds,
  async connect(bindings, options) {
    const { server, channel } = createInproc(options)
    await server.listen(bindings)
    return { server, channel, close: () => closeBoth(channel, server) }
  },
})
