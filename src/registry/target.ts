/** Where a client finds what it calls. */
export type Target = AddressTarget | ServiceTarget

/** Fixed addresses: one that was named directly, or the list of a `static:` target. */
export interface AddressTarget {
  readonly kind: 'addresses'
  /** Endpoint URLs, at least one: `grpc://10.0.0.7:9000`. */
  readonly addresses: readonly string[]
}

/** A service that a registry knows. */
export interface ServiceTarget {
  readonly kind: 'service'
  /** What `openRegistry` takes. */
  readonly registry: string
  /** Service name, as instances carry it: `orders`. */
  readonly service: string
}

const directSchemes = ['grpc', 'grpcs', 'http', 'https', 'inproc']
const registrySchemes = ['memory', 'file', 'etcd']

/**
 * Reads a client target: a registry URL with `/` and the service behind it (`etcd://host:2379/orders`,
 * `file:///tmp/shop/orders`), a list (`static:///a:9000,b:9000`), or one address (`grpc://a:9000`, `a:9000`).
 *
 * A query belongs to the registry: `etcd://host:2379/orders?layout=naming`. An address without a scheme is taken as gRPC.
 * Throws a `TypeError` that says what is wrong with the target.
 */
export function parseTarget(target: string): Target {
  const scheme = schemeOf(target)
  if (scheme === undefined || directSchemes.includes(scheme)) {
    return { kind: 'addresses', addresses: [endpointUrl(target)] }
  }
  if (scheme === 'static') return { kind: 'addresses', addresses: parseAddresses(target) }
  if (registrySchemes.includes(scheme)) return parseService(target, scheme)
  const known = [...directSchemes, 'static', ...registrySchemes].join(', ')
  throw new TypeError(`target '${target}': unknown scheme '${scheme}'; known are ${known}`)
}

/** The addresses of a `static:` URL, as endpoint URLs. */
export function parseAddresses(url: string): readonly string[] {
  const list = url.slice('static:'.length).replace(/^\/{0,3}/, '')
  const addresses = list.split(',').map((address) => address.trim())
  if (addresses.some((address) => address === '')) throw new TypeError(`'${url}' has an empty address in its list`)
  return addresses.map(endpointUrl)
}

/** The scheme of a URL in lower case; `undefined` for `host:port` and everything else without one. */
export function schemeOf(url: string): string | undefined {
  const match = /^([a-z][a-z0-9+.-]*):(?!\d+$)/i.exec(url)
  return match?.[1]?.toLowerCase()
}

function parseService(target: string, scheme: string): ServiceTarget {
  const [path = '', query] = split(target, '?')
  // A file path may have any depth, so the service is its last part; elsewhere the host ends at the first slash.
  const cut = scheme === 'file' ? path.lastIndexOf('/') : path.indexOf('/', `${scheme}://`.length)
  const service = cut < 0 ? '' : decodeURIComponent(path.slice(cut + 1))
  if (service === '')
    throw new TypeError(`target '${redacted(target)}' names no service: expected ${scheme}://…/SERVICE`)
  const registry = path.slice(0, cut)
  return { kind: 'service', registry: query === undefined ? registry : `${registry}/?${query}`, service }
}

function endpointUrl(address: string): string {
  const url = schemeOf(address) === undefined ? `grpc://${address}` : address
  const host = URL.canParse(url) ? new URL(url).hostname : ''
  if (host === '')
    throw new TypeError(`'${address}' is not an address: expected host:port or a URL like grpc://host:port`)
  return url
}

/** A URL as it may be shown: without user and password. */
export function redacted(url: string): string {
  return url.replace(/\/\/[^/]*@/, '//')
}

function split(text: string, separator: string): [string, string | undefined] {
  const at = text.indexOf(separator)
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}
