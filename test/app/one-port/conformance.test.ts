import { serve } from 'tierkit/app'
import type { MethodKind } from 'tierkit/endpoint'
import { grpcChannel } from 'tierkit/transport/grpc'
import { grpcJsChannel } from 'tierkit/transport/grpc-js'
import { type ChannelFactory, type ClientTls, httpChannel } from 'tierkit/transport/http'
import { ca, serverCert, serverKey } from '../../fixtures/certificates.js'
import { allKinds, closeBoth, runConformance } from '../../transport/run-conformance.js'

const channels: readonly [string, RegExp, (tls: ClientTls | undefined) => ChannelFactory][] = [
  ['grpc', /^grpc/, (tls) => (url) => grpcChannel(url, { tls })],
  ['grpc-js', /^grpc/, (tls) => (url) => grpcJsChannel(url, { tls })],
  ['http', /^http/, (tls) => (url) => httpChannel(url, { tls })],
]
const certificate = { key: serverKey, cert: serverCert }

/**
 * JSON over HTTP cannot carry requests and responses at the same time. Over TLS a stream of requests that fails at once
 * may never leave its client, and one row waits for its handler.
 */
const lacking = (secure: boolean): MethodKind[] => (secure ? ['bidi_stream', 'client_stream'] : ['bidi_stream'])

for (const secure of [false, true]) {
  for (const [name, scheme, channelWith] of channels) {
    runConformance({
      name: `${name} on a port for everything${secure ? ', over TLS' : ''}`,
      kinds: allKinds.filter((kind) => name !== 'http' || !lacking(secure).includes(kind)),
      async connect(bindings, { maxReceiveBytes }) {
        const server = serve({
          host: '127.0.0.1',
          grpc: { maxReceiveBytes },
          http: { maxBodyBytes: maxReceiveBytes },
          ...(secure ? { tls: certificate } : {}),
        })
        const { urls = [] } = await server.listen(bindings)
        const channel = channelWith(secure ? { ca } : undefined)(urls.find((url) => scheme.test(url)) ?? '')
        return { server, channel, close: () => closeBoth(channel, server) }
      },
    })
  }
}
