import { instanceFromJson, instanceToJson, parseJson } from '../instance-json.js'
import type { Instance } from '../registry.js'
import type { EtcdOptions } from './etcd-options.js'

/** How instances lie in etcd. */
export interface Layout {
  /** What the keys of every service begin with. */
  readonly root: string
  /** What the keys of a service begin with. */
  prefixOf(service: string): string
  keyOf(instance: Instance): string
  encode(instance: Instance): string
  /** Reads a value; `undefined` if it says that there is nothing. Throws a `TypeError` that names what is wrong. */
  decode(key: string, value: string): Instance | undefined
}

/** The layouts of a registry: the one that it writes first, then the others that it reads. */
export function layoutsOf({ layout = 'kratos', prefix }: EtcdOptions): readonly [Layout, ...Layout[]] {
  if (layout === 'naming') return [namingLayout(prefix ?? ''), kratosLayout('/microservices')]
  return [kratosLayout(prefix ?? '/microservices'), namingLayout('')]
}

/**
 * `PREFIX/SERVICE/ID`, the instance as JSON.
 *
 * @see https://github.com/go-kratos/kratos/blob/main/contrib/registry/etcd/registry.go
 */
function kratosLayout(prefix: string): Layout {
  const root = `${prefix.replace(/\/$/, '')}/`
  return {
    root,
    prefixOf: (service) => `${root}${service}/`,
    keyOf: ({ name, id }) => `${root}${name}/${id}`,
    encode: (instance) => JSON.stringify(instanceToJson(instance)),
    decode: (_key, value) => instanceFromJson(parseJson(value)),
  }
}

/**
 * `SERVICE/ID`, as etcd's naming package for Go: one gRPC address as `Addr`, what else we know as `Metadata`. Of what
 * others write only `Addr` must be there.
 *
 * @see https://pkg.go.dev/go.etcd.io/etcd/client/v3/naming/endpoints
 */
function namingLayout(prefix: string): Layout {
  const root = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`
  return {
    root,
    prefixOf: (service) => `${root}${service}/`,
    keyOf: ({ name, id }) => `${root}${name}/${id}`,
    encode: (instance) => JSON.stringify({ Op: 0, Addr: grpcAddress(instance), Metadata: instanceToJson(instance) }),
    decode: (key, value) => decodeNaming(key.slice(root.length), value),
  }
}

function decodeNaming(key: string, value: string): Instance | undefined {
  const json = parseJson(value)
  if (typeof json !== 'object' || json === null) throw new TypeError('an address must be a JSON object')
  const { Op: operation, Addr: address, Metadata: metadata } = json as Readonly<Record<string, unknown>>
  if (operation === 1) return undefined
  if (isOurs(metadata)) return instanceFromJson(metadata)
  if (typeof address !== 'string' || address === '') throw new TypeError('Addr must be a string that is not empty')
  const cut = key.lastIndexOf('/')
  return {
    id: key.slice(cut + 1),
    name: key.slice(0, Math.max(0, cut)),
    version: '',
    metadata: textFacts(metadata),
    endpoints: [address.includes('://') ? address : `grpc://${address}`],
  }
}

function isOurs(metadata: unknown): boolean {
  return typeof metadata === 'object' && metadata !== null && 'endpoints' in metadata && 'id' in metadata
}

/** Others may write anything here; what is text, number or truth value is kept as text. */
function textFacts(metadata: unknown): Readonly<Record<string, string>> {
  const facts = typeof metadata === 'object' && metadata !== null ? Object.entries(metadata) : []
  const plain = facts.filter(([, fact]) => ['string', 'number', 'boolean'].includes(typeof fact))
  return Object.fromEntries(plain.map(([name, fact]) => [name, String(fact)]))
}

function grpcAddress({ endpoints }: Instance): string {
  const endpoint = endpoints.find((url) => /^grpcs?:/.test(url)) ?? endpoints[0] ?? ''
  return endpoint.replace(/^[a-z]+:\/\//, '')
}
