import type { Etcd3 } from 'etcd3'
import type { Clock, Random } from '../../resilience/clock.js'
import type { RegistryOptions } from '../registry.js'
import { redacted } from '../target.js'

/** Trust and identity towards etcd, as PEM. */
export interface EtcdTls {
  /** CA certificates to trust; the system's by default. */
  readonly ca?: string | Uint8Array | undefined
  /** Client key and certificate, for mTLS. */
  readonly key?: string | Uint8Array | undefined
  readonly cert?: string | Uint8Array | undefined
}

/** How instances are written: as Kratos does, or as etcd's own naming package for Go does. Both are always read. */
export type EtcdLayout = 'kratos' | 'naming'

/** Where etcd is and how it serves as a registry. */
export interface EtcdOptions extends RegistryOptions {
  /** Members, as `host:port`; `127.0.0.1:2379` by default. One is used at a time, the next when it fails. */
  readonly hosts?: readonly string[] | undefined
  /** A client to use instead of one of our own: `hosts`, `auth` and `tls` are its owner's business, and so is closing it. */
  readonly client?: Etcd3 | undefined
  /** User and password, where etcd asks for them. */
  readonly auth?: { readonly username: string; readonly password: string } | undefined
  /** `true` for TLS with the system's trust; off by default. */
  readonly tls?: boolean | EtcdTls | undefined
  /** `kratos` by default. */
  readonly layout?: EtcdLayout | undefined
  /** What all keys of the layout begin with: `/microservices` by default for `kratos`, nothing for `naming`. */
  readonly prefix?: string | undefined
  /** How long an instance stays when its process is gone, in ms, rounded up to seconds; 15,000 by default, 2,000 at least. */
  readonly ttlMs?: number | undefined
  /** How long one request may take, in ms; 3,000 by default. */
  readonly timeoutMs?: number | undefined
  /** How often to read everything anew although all seems well, in ms; 5 minutes by default. */
  readonly resyncMs?: number | undefined
  /**
   * How long to go on with the instances known last when there is none left, in ms; 5,000 by default. After an outage all
   * leases may have run out, and the instances be back within seconds; were they really gone, calling them costs little.
   */
  readonly emptyGraceMs?: number | undefined
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
}

const parameters = ['layout', 'prefix', 'tls', 'ttl'] as const

/**
 * Reads `etcd://[user:password@]host:2379,host:2379/?layout=naming&prefix=/services&tls=true&ttl=15` (`ttl` in seconds).
 * Throws a `TypeError` that says what is wrong; the password is not in it.
 */
export function parseEtcdUrl(url: string): EtcdOptions {
  const shown = redacted(url)
  const match = /^etcd:(?:\/\/(?:([^@/]*)@)?([^/?#]*))?\/?(?:\?(.*))?$/.exec(url)
  if (!match)
    throw new TypeError(`registry '${shown}': expected etcd://[USER:PASSWORD@]HOST:PORT[,HOST:PORT…][/?OPTION=…]`)
  const [, user, hosts = '', query] = match
  return {
    ...(hosts === '' ? {} : { hosts: hosts.split(',') }),
    ...(user === undefined ? {} : { auth: readUser(user) }),
    ...readQuery(new URLSearchParams(query), shown),
  }
}

/** `host:port` of a member; throws a `TypeError` if it is none. */
export function memberAddress(host: string): string {
  const url = `etcd://${host}`
  const parsed = URL.canParse(url) ? new URL(url) : undefined
  if (!parsed || parsed.host === '' || parsed.host !== host)
    throw new TypeError(`'${host}' is not an etcd member: expected host:port`)
  return parsed.port === '' ? `${host}:2379` : host
}

function readUser(user: string): { username: string; password: string } {
  const [username = '', ...password] = user.split(':')
  return { username: decodeURIComponent(username), password: decodeURIComponent(password.join(':')) }
}

function readQuery(query: URLSearchParams, url: string): EtcdOptions {
  for (const name of query.keys()) {
    if (!parameters.some((known) => known === name)) {
      throw new TypeError(`registry '${url}': unknown option '${name}'; known are ${parameters.join(', ')}`)
    }
  }
  const layout = query.get('layout') ?? undefined
  if (layout !== undefined && layout !== 'kratos' && layout !== 'naming') {
    throw new TypeError(`registry '${url}': layout must be kratos or naming, not '${layout}'`)
  }
  const ttl = query.get('ttl')
  if (ttl !== null && !(Number(ttl) > 0)) throw new TypeError(`registry '${url}': ttl must be seconds, not '${ttl}'`)
  const tls = query.get('tls')
  if (tls !== null && tls !== 'true' && tls !== 'false') {
    throw new TypeError(`registry '${url}': tls must be true or false, not '${tls}'`)
  }
  return {
    layout,
    prefix: query.get('prefix') ?? undefined,
    ttlMs: ttl === null ? undefined : Number(ttl) * 1_000,
    tls: tls === 'true',
  }
}
