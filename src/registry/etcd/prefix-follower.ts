import type { IEvent, IKeyValue } from 'etcd3'
import type { Instance } from '../registry.js'
import { Scope } from '../scope.js'
import type { EtcdSession } from './etcd-session.js'
import { failureOf, RetryPace } from './failure.js'
import type { Layout } from './layout.js'
import { rangeEndOf, watchKeys } from './watch-keys.js'

/** Whose instances are followed. */
export interface PrefixFollowerInit {
  readonly session: EtcdSession
  readonly layout: Layout
  readonly service: string
  /** Whether to do without, where the user has no right to the layout's keys. */
  readonly optional: boolean
  /** The instances are known now, or may have changed. */
  changed(): void
}

interface Entry {
  readonly value: Buffer
  /** `undefined` if there is nothing to be read in the value. */
  readonly instance: Instance | undefined
}

/**
 * What etcd has of one service in one layout: read once, then watched from that revision on; resumed where it broke off;
 * read anew where etcd has forgotten what came between, and now and then for safety. In an outage it stays as it was.
 */
export class PrefixFollower {
  readonly #init: PrefixFollowerInit
  readonly #prefix: string
  readonly #rangeEnd: Buffer
  readonly #trouble: string
  #entries = new Map<string, Entry>()
  /** Up to where the entries are true; `undefined` if they are not known, or must be read anew. */
  #revision: bigint | undefined
  #known = false

  constructor(init: PrefixFollowerInit) {
    this.#init = init
    this.#prefix = init.layout.prefixOf(init.service)
    this.#rangeEnd = rangeEndOf(this.#prefix)
    this.#trouble = `cannot watch '${this.#prefix}'`
  }

  /** False until etcd was read for the first time. */
  get known(): boolean {
    return this.#known
  }

  get instances(): readonly Instance[] {
    return [...this.#entries.values()].flatMap(({ instance }) => instance ?? [])
  }

  /** Follows until `signal` aborts. Never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { session, optional } = this.#init
    const pace = new RetryPace(session.clock, session.random)
    while (!signal.aborted) {
      try {
        if (this.#revision === undefined) await this.#read(false, signal)
        await this.#watch(pace, signal)
      } catch (error) {
        if (signal.aborted) return
        if (optional && failureOf(error) === 'forbidden') this.#doWithout()
        else session.troubles.report(this.#trouble, error)
        await pace.afterFailure(error, signal)
      }
    }
  }

  /** Watches until the end, or until it is time to read anew. */
  async #watch(pace: RetryPace, signal: AbortSignal): Promise<void> {
    const { connection, clock, random, timeoutMs, resyncMs, troubles } = this.#init.session
    const round = new Scope(signal)
    const cancelResync = clock.schedule(resyncMs * (0.9 + 0.2 * random()), round.end)
    const key = Buffer.from(this.#prefix)
    const established = (): void => {
      pace.worked()
      troubles.over(this.#trouble)
    }
    const changed = (events: readonly IEvent[], revision: bigint): void => this.#apply(events, revision)
    try {
      const range = { key, rangeEnd: this.#rangeEnd, after: this.#revision ?? 0n }
      const ended = await watchKeys({ connection, clock, timeoutMs, established, changed, ...range }, round.signal)
      if (ended === 'outdated') this.#revision = undefined
      else if (!signal.aborted) await this.#read(true, signal)
    } finally {
      cancelResync()
      round.end()
    }
  }

  /** Reads everything; `anyMember` spares the cluster agreeing on it, at the risk of an answer that is behind. */
  async #read(anyMember: boolean, signal: AbortSignal): Promise<void> {
    const request = { key: Buffer.from(this.#prefix), range_end: this.#rangeEnd, serializable: anyMember }
    const { kvs, header } = await this.#init.session.connection.range(request)
    const revision = BigInt(header.revision)
    if (signal.aborted || revision < (this.#revision ?? 0n)) return
    const entries = new Map<string, Entry>()
    for (const kv of kvs) entries.set(kv.key.toString(), this.#entryOf(kv))
    this.#entries = entries
    this.#revision = revision
    this.#known = true
    this.#init.changed()
  }

  #doWithout(): void {
    if (this.#known) return
    this.#known = true
    this.#init.changed()
  }

  #apply(events: readonly IEvent[], revision: bigint): void {
    this.#revision = revision
    if (events.length === 0) return
    for (const { type, kv } of events) {
      const key = kv.key.toString()
      if (type === 'Delete') this.#entries.delete(key)
      else this.#entries.set(key, this.#entryOf(kv))
    }
    this.#init.changed()
  }

  #entryOf({ key, value }: IKeyValue): Entry {
    const name = key.toString()
    const known = this.#entries.get(name)
    return known?.value.equals(value) ? known : { value, instance: this.#decode(name, value) }
  }

  /** One value that cannot be read must not hide the others. */
  #decode(key: string, value: Buffer): Instance | undefined {
    const { layout, service, session } = this.#init
    const trouble = `skipped '${key}'`
    try {
      const instance = layout.decode(key, value.toString())
      session.troubles.over(trouble)
      // `orders/eu` lies below `orders/` too.
      return instance?.name === service ? instance : undefined
    } catch (error) {
      session.troubles.report(trouble, error)
      return undefined
    }
  }
}
