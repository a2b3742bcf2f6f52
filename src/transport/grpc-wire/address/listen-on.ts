import type { AddressInfo, Server } from 'node:net'
import type { Address } from '../../transport.js'

/** Connections that a server has at a time unless told otherwise. */
export const DEFAULT_MAX_CONNECTIONS = 10_000

/** Where to listen. */
export interface ListenOptions {
  readonly host: string
  readonly port: number
  /** Scheme of the URL that says where. */
  readonly scheme: string
}

/** Starts to listen; rejects naming the address if it cannot be had. */
export function listenOn(server: Server, { host, port, scheme }: ListenOptions): Promise<Address> {
  return new Promise((resolve, reject) => {
    const fail = (cause: Error): void => {
      reject(new Error(`cannot listen on ${urlOf(scheme, host, port)}: ${cause.message}`, { cause }))
    }
    server.once('error', fail)
    try {
      server.listen({ host, port }, () => {
        server.removeListener('error', fail)
        const { address, port: bound } = server.address() as AddressInfo
        resolve({ host: address, port: bound, url: urlOf(scheme, address, bound) })
      })
    } catch (thrown) {
      fail(thrown as Error)
    }
  })
}

function urlOf(scheme: string, host: string, port: number): string {
  return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}
