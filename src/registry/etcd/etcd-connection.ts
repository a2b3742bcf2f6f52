import type { Etcd3, IPutRequest, IRangeRequest, IRangeResponse } from 'etcd3'
import { addHeaders, assertInstalled, type CallOptions, createClient, type WatchStream } from './etcd-client.js'
import { type EtcdOptions, memberAddress } from './etcd-options.js'
import { failureOf } from './failure.js'

/** A lease as it was granted. */
export interface Lease {
  readonly id: string
  /** What the server granted, which may be more than was asked for. */
  readonly ttlMs: number
}

/** A stream of watches, and whom to tell when it fails. */
export interface OpenWatch {
  readonly stream: WatchStream
  failed(error: unknown): void
}

/** What is particular to a call. */
interface CallTerms {
  readonly headers?: Readonly<Record<string, string>>
  /** How long it may take, where that is less than others may. */
  readonly timeoutMs?: number
}

/**
 * A connection to one member of etcd at a time. A member that does not answer costs its connection: the next request makes
 * a new one, to the next member. Every request has a deadline; nothing is repeated here but for an outdated token.
 */
export class EtcdConnection {
  readonly #options: EtcdOptions
  readonly #hosts: readonly string[]
  readonly #timeoutMs: number
  #member: number
  #opening: Promise<Etcd3> | undefined
  #client: Etcd3 | undefined
  #token: Promise<string> | undefined
  #closed = false

  constructor(options: EtcdOptions) {
    this.#options = options
    this.#hosts = (options.hosts ?? ['127.0.0.1:2379']).map(memberAddress)
    if (this.#hosts.length === 0) throw new TypeError('the etcd registry needs a host')
    this.#timeoutMs = options.timeoutMs ?? 3_000
    this.#member = Math.floor((options.random ?? Math.random)() * this.#hosts.length)
    if (!options.client) assertInstalled()
  }

  range(request: IRangeRequest): Promise<IRangeResponse> {
    return this.#call((client, options) => client.kv.range(request, options))
  }

  /** Writes a key; returns the revision that it got. */
  async put(request: IPutRequest): Promise<bigint> {
    const { header } = await this.#call((client, options) => client.kv.put(request, options))
    return BigInt(header.revision)
  }

  async grant(ttlMs: number): Promise<Lease> {
    const request = { TTL: Math.ceil(ttlMs / 1_000) }
    const { ID: id, TTL: seconds } = await this.#call((client, options) =>
      client.leaseClient.leaseGrant(request, options),
    )
    return { id, ttlMs: Number(seconds) * 1_000 }
  }

  async revoke(lease: Lease): Promise<void> {
    await this.#call((client, options) => client.leaseClient.leaseRevoke({ ID: lease.id }, options))
  }

  /**
   * Renews a lease; returns what is left of it in ms, 0 if it is lost. A stream of its own each time: a stuck one costs no
   * more than its deadline.
   */
  keepAlive(lease: Lease): Promise<number> {
    const renew = async (client: Etcd3, options: CallOptions): Promise<number> => {
      const stream = await client.leaseClient.leaseKeepAlive(options)
      try {
        return await new Promise<number>((resolve, reject) => {
          stream.on('error', reject)
          stream.on('end', () => reject(new Error('etcd ended the stream of a lease')))
          stream.on('data', ({ TTL: seconds }) => resolve(Number(seconds) * 1_000))
          stream.write({ ID: lease.id })
        })
      } finally {
        stream.end()
      }
    }
    return this.#call(renew, { timeoutMs: lease.ttlMs / 3 })
  }

  /** Opens a stream of watches. It fails, rather than fall silent, when its member has no leader. */
  watch(): Promise<OpenWatch> {
    const open = async (client: Etcd3, { interceptors = [] }: CallOptions): Promise<OpenWatch> => ({
      stream: await client.watchClient.watch({ interceptors }),
      failed: (error) => this.#judge(client, error),
    })
    return this.#call(open, { headers: { hasleader: 'true' } })
  }

  async close(): Promise<void> {
    this.#closed = true
    await this.#opening?.catch(() => {})
    if (!this.#options.client) this.#client?.close()
  }

  async #call<T>(run: (client: Etcd3, options: CallOptions) => Promise<T>, terms: CallTerms = {}): Promise<T> {
    const client = await this.#connect()
    const deadline = Date.now() + Math.min(this.#timeoutMs, terms.timeoutMs ?? this.#timeoutMs)
    const attempt = async (): Promise<T> => {
      const token = await this.#authenticate(client)
      const headers = { ...terms.headers, ...(token === undefined ? {} : { token }) }
      return run(client, { deadline, interceptors: [addHeaders(headers)] })
    }
    try {
      return await attempt().catch((error: unknown) => {
        if (failureOf(error) !== 'bad-token' || !this.#options.auth) throw error
        this.#token = undefined
        return attempt()
      })
    } catch (error) {
      this.#judge(client, error)
      throw error
    }
  }

  #connect(): Promise<Etcd3> {
    if (this.#closed) throw new Error('the registry is closed')
    this.#opening ??= this.#open()
    return this.#opening
  }

  async #open(): Promise<Etcd3> {
    const { client, tls } = this.#options
    this.#client = client ?? (await createClient(this.#hosts[this.#member] ?? '', tls))
    return this.#client
  }

  /** etcd3 could do this too, but not for streams, and not with a deadline. */
  #authenticate(client: Etcd3): Promise<string | undefined> {
    const { auth } = this.#options
    if (!auth || this.#options.client) return Promise.resolve(undefined)
    this.#token ??= client.auth
      .authenticate({ name: auth.username, password: auth.password }, { deadline: Date.now() + this.#timeoutMs })
      .then(({ token }) => token)
      .catch((error: unknown) => {
        this.#token = undefined
        throw error
      })
    return this.#token
  }

  /** Gives the connection up, if `client` is still it, after a failure that is the member's. */
  #judge(client: Etcd3, error: unknown): void {
    if (failureOf(error) !== 'unreachable' || this.#options.client || this.#client !== client) return
    this.#client = undefined
    this.#opening = undefined
    this.#member = (this.#member + 1) % this.#hosts.length
    client.close()
  }
}
