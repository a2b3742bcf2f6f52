import { networkInterfaces } from 'node:os'
import type { Address } from '../../transport/transport.js'

const WILDCARDS = ['', '0.0.0.0', '::', '*']

/**
 * The URLs under which others reach servers. A server on one address is reached there; one on all addresses under
 * `advertise`, the pod's own address (`POD_IP`), or the first address of this machine that others can reach.
 * `advertise` itself always wins. A server that speaks several protocols is reached under a URL for each. Servers without
 * a port are left out: nobody else reaches them.
 */
export function advertisedUrls(addresses: readonly Address[], advertise: string | undefined): string[] {
  return addresses
    .filter(({ port }) => port > 0)
    .flatMap((address) =>
      (address.urls ?? [address.url]).map((url) => `${schemeOf(url)}://${hostOf(address, advertise)}:${address.port}`),
    )
}

function schemeOf(url: string): string {
  return url.slice(0, url.indexOf('://'))
}

function hostOf(address: Address, advertise: string | undefined): string {
  const host = advertise ?? (isWildcard(address.host) ? ownHost() : address.host)
  // Of names and addresses only those of IPv6 have a colon.
  return host.includes(':') ? `[${host}]` : host
}

function isWildcard(host: string): boolean {
  return WILDCARDS.includes(host)
}

/** An address of this machine; loopback if it has no other. */
function ownHost(): string {
  if (process.env.POD_IP) return process.env.POD_IP
  const all = Object.values(networkInterfaces()).flatMap((addresses) => addresses ?? [])
  const outward = all.filter(({ internal, address }) => !internal && !/^(fe80:|169\.254\.)/i.test(address))
  return (outward.find(({ family }) => family === 'IPv4') ?? outward[0])?.address ?? '127.0.0.1'
}
