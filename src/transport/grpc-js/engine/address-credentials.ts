import type { ChannelCredentials } from '@grpc/grpc-js'

/**
 * Lets TLS to an IP address verify that address, and send no server name. An address is none (RFC 6066, section 3), but
 * grpc-js sends it as one, which Node refuses from version 26 on.
 */
export function forAddress(credentials: ChannelCredentials, address: string): ChannelCredentials {
  const create = credentials._createSecureConnector.bind(credentials)
  credentials._createSecureConnector = (...args) => {
    const connector = create(...args)
    // What grpc-js passes to `tls.connect`; it has no option for this.
    const { connectionOptions } = connector as { connectionOptions?: object }
    if (connectionOptions) Object.assign(connectionOptions, { servername: '', host: address })
    return connector
  }
  return credentials
}
