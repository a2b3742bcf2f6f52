import type { IEvent, IWatchResponse } from 'etcd3'
import type { Clock } from '../../resilience/clock.js'
import type { WatchStream } from './etcd-client.js'
import type { EtcdConnection } from './etcd-connection.js'

/** What is watched, and who is told. */
export interface KeyWatch {
  readonly connection: EtcdConnection
  readonly key: Buffer
  /** The first key beyond the range; without it `key` alone is watched. */
  readonly rangeEnd?: Buffer | undefined
  /** The last revision that is known already. */
  readonly after: bigint
  /** How long etcd may take to accept the watch, in ms. */
  readonly timeoutMs: number
  readonly clock: Clock
  /** etcd watches. */
  established(): void
  /** What changed, perhaps nothing, and the revision up to which all is known now. */
  changed(events: readonly IEvent[], revision: bigint): void
}

/**
 * Watches keys on a stream of their own until `signal` aborts, and resolves then; resolves with `outdated` when what is known
 * can no longer be brought up to date and must be read anew. Rejects when the stream fails: the watch may be resumed.
 */
export async function watchKeys(watch: KeyWatch, signal: AbortSignal): Promise<'aborted' | 'outdated'> {
  if (signal.aborted) return 'aborted'
  const { stream, failed } = await watch.connection.watch()
  const release: (() => void)[] = []
  try {
    return await new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`etcd did not accept a watch within ${watch.timeoutMs} ms`))
      const accepted = watch.clock.schedule(watch.timeoutMs, late)
      const abort = (): void => resolve('aborted')
      signal.addEventListener('abort', abort, { once: true })
      release.push(accepted, () => signal.removeEventListener('abort', abort))
      stream.on('error', reject)
      stream.on('end', () => reject(new Error('etcd ended a watch')))
      stream.on('data', (response) => {
        if (response.created) accepted()
        const outdated = receive(response, watch, reject)
        if (outdated) resolve('outdated')
      })
      request(stream, watch)
      if (signal.aborted) abort()
    })
  } catch (error) {
    failed(error)
    throw error
  } finally {
    for (const free of release) free()
    // In this order: etcd3 takes the failure of a stream that is still open for one of the member.
    stream.end()
    stream.cancel()
  }
}

function request(stream: WatchStream, { key, rangeEnd, after }: KeyWatch): void {
  const start = { key, start_revision: String(after + 1n), progress_notify: true }
  stream.write({ create_request: rangeEnd ? { ...start, range_end: rangeEnd } : start })
}

/** Takes one response in; true if it says that the watch cannot go on from where it was. */
function receive(response: IWatchResponse, watch: KeyWatch, fail: (error: Error) => void): boolean {
  const revision = BigInt(response.header.revision)
  if (response.canceled) {
    if (BigInt(response.compact_revision) > 0n) return true
    fail(new Error(response.cancel_reason || 'etcd cancelled a watch'))
    return false
  }
  if (response.created) {
    // An etcd that is behind what we know was restored, or set up anew: it would stay silent until it caught up.
    if (revision < watch.after) return true
    watch.established()
    return false
  }
  // While a watch catches up, the revision of the store runs ahead of the events that have come.
  const last = response.events.at(-1)
  watch.changed(response.events, last ? BigInt(last.kv.mod_revision) : revision)
  return false
}

/** The first key beyond all that begin with `prefix`. */
export function rangeEndOf(prefix: string): Buffer {
  const end = Buffer.from(prefix)
  for (let index = end.length - 1; index >= 0; index -= 1) {
    const byte = end[index] ?? 0xff
    if (byte === 0xff) continue
    end[index] = byte + 1
    return end.subarray(0, index + 1)
  }
  return Buffer.from([0])
}
