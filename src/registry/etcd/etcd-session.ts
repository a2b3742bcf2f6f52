import { type Clock, type Random, systemClock } from '../../resilience/clock.js'
import { Troubles } from '../troubles.js'
import { EtcdConnection } from './etcd-connection.js'
import type { EtcdOptions } from './etcd-options.js'

/** What everything that an etcd registry runs has in common. */
export interface EtcdSession {
  readonly connection: EtcdConnection
  readonly troubles: Troubles
  readonly clock: Clock
  readonly random: Random
  readonly ttlMs: number
  readonly timeoutMs: number
  readonly resyncMs: number
  readonly emptyGraceMs: number
}

/** Makes a session of options; nothing is connected yet. Throws what is wrong with the options. */
export function createSession(options: EtcdOptions): EtcdSession {
  return {
    connection: new EtcdConnection(options),
    troubles: new Troubles(options),
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    ttlMs: options.ttlMs ?? 15_000,
    timeoutMs: options.timeoutMs ?? 3_000,
    resyncMs: options.resyncMs ?? 300_000,
    emptyGraceMs: options.emptyGraceMs ?? 5_000,
  }
}
