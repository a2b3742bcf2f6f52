import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { Registrations } from '../registrations.js'
import type { Instance, Registration, Registry } from '../registry.js'
import { WatchHub } from '../watch-hub.js'
import { type EtcdOptions, parseEtcdUrl } from './etcd-options.js'
import { createSession, type EtcdSession } from './etcd-session.js'
import { type Layout, layoutsOf } from './layout.js'
import { LeasedKey } from './leased-key.js'
import { followService } from './service-follower.js'
import { rangeEndOf } from './watch-keys.js'

/** Without a prefix the whole of etcd is looked through for services; this many keys of it at most. */
const MAX_LISTED_KEYS = 10_000

/**
 * A registry on etcd, by options or by URL: `etcd://[user:password@]host:2379,host:2379/?layout=naming&ttl=15`.
 *
 * A registration outlives everything but its process: outages, lost leases, deleted keys. Watchers keep what they know
 * through an outage. Needs the package `etcd3`. Nothing is connected yet; throws what is wrong with the options.
 */
export function etcd(options: string | EtcdOptions = {}): Registry {
  return new EtcdRegistry(typeof options === 'string' ? parseEtcdUrl(options) : options)
}

class EtcdRegistry implements Registry {
  readonly #session: EtcdSession
  readonly #layouts: readonly [Layout, ...Layout[]]
  readonly #hub: WatchHub
  readonly #registrations = new Registrations()

  constructor(options: EtcdOptions) {
    this.#session = createSession(options)
    this.#layouts = layoutsOf(options)
    this.#hub = new WatchHub((service, publish) => {
      return followService({ session: this.#session, layouts: this.#layouts, service, publish })
    })
  }

  register(instance: Instance, signal?: AbortSignal): Promise<Registration> {
    const [layout] = this.#layouts
    const key = new LeasedKey(this.#session, layout.keyOf(instance), layout.encode(instance))
    return this.#registrations.open(instance, (life, visible) => key.keep(life, visible), signal)
  }

  watch(service: string, signal: AbortSignal): AsyncIterable<readonly Instance[]> {
    return this.#hub.watch(service, signal)
  }

  /** Services of the layout that is written, and of others that have a place of their own. */
  async services(): Promise<readonly string[]> {
    const [written, ...others] = this.#layouts
    const layouts = [written, ...others.filter(({ root }) => root !== '')]
    const names = await Promise.all(layouts.map((layout) => this.#namesIn(layout)))
    return [...new Set(names.flat())].sort()
  }

  async close(): Promise<void> {
    this.#hub.close()
    await this.#registrations.close()
    await this.#session.connection.close()
  }

  async #namesIn({ root, decode }: Layout): Promise<string[]> {
    const key = root === '' ? Buffer.from([0]) : Buffer.from(root)
    try {
      const range = { key, range_end: rangeEndOf(root), limit: MAX_LISTED_KEYS }
      const { kvs } = await this.#session.connection.range(range)
      return kvs.flatMap((kv) => readName(() => decode(kv.key.toString(), kv.value.toString())))
    } catch (cause) {
      // What etcd says is between it and us: its codes would mislead whoever made a call.
      throw new RpcError(Code.UNAVAILABLE, 'the registry did not answer', { cause })
    }
  }
}

function readName(decode: () => Instance | undefined): string[] {
  try {
    const name = decode()?.name
    return name === undefined || name === '' ? [] : [name]
  } catch {
    return []
  }
}
