import { connect, isIP, type Socket } from 'node:net'
import { createSecureContext, type SecureContext, connect as tlsConnect } from 'node:tls'
import type { ChannelTarget } from '../../grpc-wire/address/channel-url.js'
import type { ClientTls } from '../../transport.js'

/** Opens sockets to one address. */
export type Dial = () => Socket

/** How to reach an address; with TLS, HTTP/2 is insisted on. Throws if key or certificates cannot be used. */
export function dialer({ host, port, secure }: ChannelTarget, tls: ClientTls = {}): Dial {
  if (!secure) return () => connect({ host, port, noDelay: true })
  const secureContext = contextOf(tls)
  // An address is no server name (RFC 6066, section 3); it is verified all the same.
  const servername = tls.serverName ?? (isIP(host) ? '' : host)
  return () => {
    const socket = tlsConnect({ host, port, secureContext, servername, ALPNProtocols: ['h2'] })
    socket.setNoDelay(true)
    socket.once('secureConnect', () => {
      if (socket.alpnProtocol !== 'h2') socket.destroy(new Error('the server does not speak HTTP/2'))
    })
    return socket
  }
}

function contextOf({ ca, key, cert }: ClientTls): SecureContext {
  try {
    return createSecureContext({ ...pem('ca', ca), ...pem('key', key), ...pem('cert', cert), minVersion: 'TLSv1.2' })
  } catch (cause) {
    throw new Error(`the key or a certificate of the gRPC channel cannot be used: ${(cause as Error).message}`, {
      cause,
    })
  }
}

function pem(name: string, text: string | Uint8Array | undefined): Record<string, Buffer> {
  return text === undefined ? {} : { [name]: Buffer.from(text) }
}
