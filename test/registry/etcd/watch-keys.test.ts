import { EventEmitter } from 'node:events'
import type { IWatchResponse } from 'etcd3'
import { describe, expect, it } from 'vitest'
import type { EtcdConnection } from '../../../src/registry/etcd/etcd-connection.js'
import { rangeEndOf, watchKeys } from '../../../src/registry/etcd/watch-keys.js'
import { createFakeClock } from '../../../src/testing/fake-clock.js'

/** A watch on an etcd that says what the test says. */
function watching(after = 10n) {
  const stream = Object.assign(new EventEmitter(), {
    written: [] as unknown[],
    ended: [] as string[],
    write: (request: unknown) => stream.written.push(request),
    end: () => stream.ended.push('end'),
    cancel: () => stream.ended.push('cancel'),
  })
  const failures: unknown[] = []
  const connection = { watch: async () => ({ stream, failed: (error: unknown) => failures.push(error) }) }
  const clock = createFakeClock()
  const stop = new AbortController()
  const revisions: bigint[] = []
  const init = { key: Buffer.from('a/'), rangeEnd: rangeEndOf('a/'), after, timeoutMs: 1_000, clock }
  const result = watchKeys(
    {
      ...init,
      connection: connection as unknown as EtcdConnection,
      established: () => {},
      changed: (_events, revision) => revisions.push(revision),
    },
    stop.signal,
  )
  result.catch(() => {})
  const say = async (response: object): Promise<void> => {
    await clock.advance(0)
    const plain = { created: false, canceled: false, compact_revision: '0', cancel_reason: '', events: [] }
    stream.emit('data', { header: { revision: '10' }, ...plain, ...response } as unknown as IWatchResponse)
  }
  return { stream, failures, clock, stop, revisions, result, say }
}

describe('watchKeys', () => {
  it('asks for what comes after the revision that is known', async () => {
    const { stream, clock, stop, result } = watching(10n)
    await clock.advance(0)
    expect(stream.written).toEqual([
      {
        create_request: {
          key: Buffer.from('a/'),
          range_end: Buffer.from('a0'),
          start_revision: '11',
          progress_notify: true,
        },
      },
    ])
    stop.abort()
    expect(await result).toBe('aborted')
    expect(stream.ended).toEqual(['end', 'cancel'])
    expect(clock.pending).toBe(0)
  })

  it('knows no more than the last event while it catches up, and all that a sign of progress says', async () => {
    const { revisions, say } = watching()
    await say({ created: true })
    await say({ header: { revision: '500' }, events: [{ kv: { mod_revision: '11' } }, { kv: { mod_revision: '12' } }] })
    await say({ header: { revision: '600' } })
    expect(revisions).toEqual([12n, 600n])
  })

  it('is outdated when etcd has compacted what it would resume from, or knows less than it does', async () => {
    const compacted = watching()
    await compacted.say({ created: true })
    await compacted.say({ canceled: true, compact_revision: '400' })
    expect(await compacted.result).toBe('outdated')
    const ahead = watching(1_000n)
    await ahead.say({ created: true, header: { revision: '3' } })
    expect(await ahead.result).toBe('outdated')
    expect([...compacted.failures, ...ahead.failures]).toEqual([])
  })

  it('fails with the reason when etcd refuses it, its stream breaks, or nothing comes', async () => {
    const refused = watching()
    await refused.say({ created: true, canceled: true, cancel_reason: 'etcdserver: permission denied' })
    await expect(refused.result).rejects.toThrow('etcdserver: permission denied')
    const broken = watching()
    await broken.say({ created: true })
    broken.stream.emit('error', new Error('14 UNAVAILABLE: gone'))
    await expect(broken.result).rejects.toThrow('14 UNAVAILABLE: gone')
    const silent = watching()
    await silent.clock.advance(1_000)
    await expect(silent.result).rejects.toThrow('etcd did not accept a watch within 1000 ms')
    for (const { failures, stream } of [refused, broken, silent]) {
      expect(failures).toHaveLength(1)
      expect(stream.ended).toEqual(['end', 'cancel'])
    }
  })
})

describe('rangeEndOf', () => {
  it.each([
    ['a/', Buffer.from('a0')],
    ['a\u007f', Buffer.from([0x61, 0x80])],
    ['', Buffer.from([0])],
  ])('%j ends before', (prefix, end) => {
    expect(rangeEndOf(prefix)).toEqual(end)
  })
})
