import type { AddressInfo, Server } from 'node:net'
import { type ListenAt, urlOf } from '../../listener.js'
import type { Address } from '../../transport.js'

/** Connections that a server has at a time unless told otherwise. */
export const DEFAULT_MAX_CONNECTIONS = 10_000

/** Starts to listen; rejects naming the address if it cannot be had. */
export function listenOn(server: Server, { host, port, scheme }: ListenAt): Promise<Address> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      reject(new Error(`cannot listen on ${urlOf({ scheme, host, port })}: ${cause.message}`, { cause }))
    }
    server.once('error', fail)
    try {
      server.listen({ host, port }, () => {
        server.removeListener('error', fail)
        const { address, port: bound } = server.address() as AddressInfo
        resolve({ host: address, port: bound, url: urlOf({ scheme, host: address, port: bound }) })
      })
    } catch (thrown) {
      fail(thrown as Error)
    }
  })
}
