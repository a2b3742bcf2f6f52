import type { MethodKind } from 'tierkit/endpoint'
import { conformanceCases, type TransportUnderTest } from 'tierkit/testing'
import { grpcJsChannel, grpcJsServer } from 'tierkit/transport/grpc-js'
import { httpChannel, httpServer } from 'tierkit/transport/http'
import { createInproc } from 'tierkit/transport/inproc'
import { describe, it } from 'vitest'

const all: readonly MethodKind[] = ['unary', 'client_stream', 'server_stream', 'bidi_stream']
const loopback = { host: '127.0.0.1', port: 0 }

const transports: readonly TransportUnderTest[] = [
  {
    name: 'inproc',
    kinds: all,
    async connect(bindings, options) {
      const { server, channel } = createInproc(options)
      await server.listen(bindings)
      return { server, channel, close: () => closeAll(channel, server) }
    },
  },
  {
    name: 'grpc-js',
    kinds: all,
    async connect(bindings, options) {
      const server = grpcJsServer({ ...loopback, ...options })
      const { url } = await server.listen(bindings)
      const channel = grpcJsChannel(url)
      return { server, channel, close: () => closeAll(channel, server) }
    },
  },
  {
    name: 'http',
    // HTTP/1.1 cannot carry requests and responses at the same time.
    kinds: ['unary', 'client_stream', 'server_stream'],
    async connect(bindings, options) {
      const server = httpServer({ ...loopback, maxBodyBytes: options.maxReceiveBytes })
      const { url } = await server.listen(bindings)
      const channel = httpChannel(url)
      return { server, channel, close: () => closeAll(channel, server) }
    },
  },
]

async function closeAll(...parts: readonly { close(): Promise<void> }[]): Promise<void> {
  await Promise.all(parts.map((part) => part.close()))
}

describe.each(transports)('$name', (transport) => {
  const cases = conformanceCases(transport)
  describe.each(transport.kinds)('%s', (kind) => {
    it.each(cases.filter((each) => each.kind === kind).map(({ name, run }) => [name, run] as const))('%s', (_, run) =>
      run(),
    )
  })
})
