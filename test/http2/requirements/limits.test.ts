import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import { content, continuation, headers, MAGIC, rstStream, Setting, settings, windowUpdate } from '../peer/frames.js'
import { block, indexed, indexing, request, requestFields, requestTo } from '../peer/hpack-writer.js'
import { Peer } from '../peer/peer.js'
import { fieldOf } from '../peer/recorder.js'
import { breaks, lives, refuses, server } from './limits.js'

const { CANCEL } = ErrorCode
const hold = requestTo('/hold')

describe('the limit on header blocks', () => {
  /** A request whose fields count so many bytes. */
  const sized = (bytes: number): Uint8Array => {
    const used = requestFields.reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0)
    return request(['x', 'y'.repeat(bytes - used - 33)])
  }

  it('is advertised, and holds to the byte', () => {
    const peer = server({ maxHeaderListBytes: 1000 }).greet()
    expect(peer.judge.advertised(Setting.MAX_HEADER_LIST_SIZE)).toBe(1000)
    peer.send(headers(1, sized(1000), { end: true }))
    expect(peer.judge.said(1).ended).toBe(true)
    lives(peer)
  })

  it.each([1001, 2000, 16_000])('takes no block of %i bytes where 1,000 are allowed', (bytes) => {
    refuses(
      server({ maxHeaderListBytes: 1000 })
        .greet()
        .send(headers(1, sized(bytes), { end: true })),
      'maxHeaderListBytes',
    )
  })

  it('counts what fields say, not the bytes that name them in the table', () => {
    const bomb = [...hold, ...indexing('x', 'y'.repeat(3000)), ...Array.from({ length: 100 }, () => indexed(62)).flat()]
    refuses(
      server({})
        .greet()
        .send(headers(1, bomb, { end: true })),
      'maxHeaderListBytes',
    )
  })

  it('counts the block of several frames as one', () => {
    const peer = server({ maxHeaderListBytes: 1000 }).greet()
    peer.send(
      headers(1, request(['a', 'y'.repeat(400)]), { last: false }),
      continuation(1, block(['b', 'y'.repeat(400)])),
    )
    refuses(peer, 'maxHeaderListBytes')
  })

  it('counts trailers on their own', () => {
    const peer = server({ maxHeaderListBytes: 1000 }).greet()
    peer.send(headers(1, sized(900)), headers(1, block(['a', 'y'.repeat(800)]), { end: true }))
    lives(peer)
    peer.send(headers(3, request()), headers(3, block(['a', 'y'.repeat(968)]), { end: true }))
    refuses(peer, 'maxHeaderListBytes', 3)
  })

  it('allows so many fields and no more', () => {
    const fields = (count: number) =>
      headers(1, request(...Array.from({ length: count - requestFields.length }, () => ['a', 'b'] as const)), {
        end: true,
      })
    lives(server({ maxHeaderFields: 20 }).greet().send(fields(20)))
    refuses(server({ maxHeaderFields: 20 }).greet().send(fields(21)), 'maxHeaderFields')
    lives(server({}).greet().send(fields(128)))
    refuses(server({}).greet().send(fields(129)), 'maxHeaderFields')
  })

  it('allows so many CONTINUATIONs and no more', () => {
    const parts = (count: number) => [
      headers(1, request(), { last: false, end: true }),
      ...Array.from({ length: count }, (_, at) => continuation(1, [], at === count - 1)),
    ]
    lives(
      server({ maxContinuations: 3 })
        .greet()
        .send(...parts(3)),
    )
    refuses(
      server({ maxContinuations: 3 })
        .greet()
        .send(...parts(4)),
      'maxContinuations',
    )
    lives(
      server({})
        .greet()
        .send(...parts(8)),
    )
    refuses(
      server({})
        .greet()
        .send(...parts(9)),
      'maxContinuations',
    )
  })

  it('ends a block without end', () => {
    const peer = server({})
      .greet()
      .send(headers(1, request(), { last: false }))
    for (let i = 0; i < 20 && !peer.machine.closed; i += 1) peer.send(continuation(1, block(['a', 'b']), false))
    expect(peer.machine.closed).toBe(true)
    expect(peer.app.calls('breach')).toHaveLength(1)
  })
})

describe('the limit on resets', () => {
  const name = /^reset(Burst|sPerSecond)$/
  const limits = { resetBurst: 10, resetsPerSecond: 5 }
  let id = -1
  const next = (): number => {
    id += 2
    return id
  }
  const resetOne = (peer: Peer): Peer => peer.send(headers(next(), hold), rstStream(id, CANCEL))
  const breakOne = (peer: Peer): Peer => peer.send(headers(next(), block(...requestFields, ['Upper', 'x'])))
  const times = (peer: Peer, count: number, act: (peer: Peer) => Peer): Peer => {
    id = peer.judge.streams.size === 0 && peer.app.streams.size === 0 ? -1 : id
    for (let i = 0; i < count; i += 1) act(peer)
    return peer
  }

  it.each([
    ['by the other side', resetOne],
    ['of malformed requests', breakOne],
    ['for WINDOW_UPDATE of 0', (peer: Peer) => peer.send(headers(next(), hold), windowUpdate(id, 0))],
    ['for windows over 2^31 - 1', (peer: Peer) => peer.send(headers(next(), hold), windowUpdate(id, 2 ** 31 - 1))],
    ['for DATA behind the end', (peer: Peer) => peer.send(headers(next(), hold, { end: true }), content(id, 'x'))],
    [
      'for content that is too long',
      (peer: Peer) => peer.send(headers(next(), request(['content-length', '1'])), content(id, 'xx')),
    ],
    [
      'for HEADERS behind the end',
      (peer: Peer) => peer.send(headers(next(), hold, { end: true }), headers(id, block(['a', 'b']), { end: true })),
    ],
  ] as const)('counts resets %s', (_, act) => {
    lives(times(server(limits).greet(), 10, act))
    breaks(times(server(limits).greet(), 11, act), name)
  })

  it('gives back so many a second', () => {
    const peer = times(server(limits).greet(), 10, resetOne)
    peer.timers.advance(1000)
    times(peer, 5, resetOne)
    lives(peer)
    breaks(times(peer, 1, resetOne), name)
  })

  it('lets each stream that ends in peace pay for one, up to the burst', () => {
    const endOne = (peer: Peer): Peer => peer.send(headers(next(), request(), { end: true }))
    const peer = times(server(limits).greet(), 10, resetOne)
    times(peer, 5, endOne)
    lives(times(peer, 5, resetOne))
    times(peer, 100, endOne)
    lives(times(peer, 10, resetOne))
    breaks(times(peer, 1, resetOne), name)
  })

  it('never saves up more than the burst', () => {
    const peer = server(limits).greet()
    peer.timers.advance(3_600_000)
    lives(times(peer, 10, resetOne))
    breaks(times(peer, 1, resetOne), name)
  })

  it('is 1,000 by default', () => {
    lives(times(server({}).greet(), 1000, resetOne))
    breaks(times(server({}).greet(), 1001, resetOne), name)
  })

  it('counts streams that were refused', () => {
    const peer = server({ ...limits, maxConcurrentStreams: 1 })
      .greet()
      .send(headers(1, hold))
    id = 1
    breaks(
      times(peer, 11, (one) => one.send(headers(next(), hold, { end: true }))),
      name,
    )
  })

  it('forgives some thousand refused streams before the client acknowledged what it may open', () => {
    const peer = server({ ...limits, maxConcurrentStreams: 1 }).take()
    peer.send(MAGIC, settings(), headers(1, hold))
    id = 1
    const refused = (one: Peer): Peer => one.send(headers(next(), hold, { end: true }))
    lives(times(peer, 4000, refused))
    breaks(times(peer, 11, refused), name)
  })
})

describe('the limit on streams', () => {
  it('is advertised', () => {
    expect(server({ maxConcurrentStreams: 7 }).greet().judge.advertised(Setting.MAX_CONCURRENT_STREAMS)).toBe(7)
    expect(server({}).greet().judge.advertised(Setting.MAX_CONCURRENT_STREAMS)).toBe(1000)
  })

  it('holds to the stream, and no stream beyond it reaches the application', () => {
    const peer = server({ maxConcurrentStreams: 7 }).greet()
    for (let id = 1; id < 2 * 9; id += 2) peer.send(headers(id, hold))
    expect(peer.app.calls('stream')).toHaveLength(7)
    expect(peer.machine.streamCount).toBe(7)
    expect([...peer.judge.streams].filter(([, { reset }]) => reset !== undefined).map(([id]) => id)).toEqual([15, 17])
  })

  it('is not broken by streams that are over', () => {
    const peer = server({ maxConcurrentStreams: 1 }).greet()
    for (let id = 1; id < 2000; id += 2) peer.send(headers(id, request(), { end: true }))
    expect(peer.app.calls('stream')).toHaveLength(1000)
    expect(fieldOf(peer.app.calls('stream', 1999)[0]?.fields ?? [], ':path')).toBe('/echo')
    lives(peer)
  })

  it('is the capacity of a client', () => {
    const peer = new Peer({ role: 'client' }).greet(Setting.MAX_CONCURRENT_STREAMS, 2)
    expect(peer.client.capacity).toBe(2)
    peer.ask(true)
    expect(peer.client.capacity).toBe(1)
    peer.ask(true)
    expect(peer.client.capacity).toBe(0)
    const before = peer.app.calls('capacity').length
    peer.send(headers(1, block([':status', '200']), { end: true }))
    expect(peer.client.capacity).toBe(1)
    expect(peer.app.calls('capacity').length).toBeGreaterThan(before)
    peer.send(settings(Setting.MAX_CONCURRENT_STREAMS, 0))
    expect(peer.client.capacity).toBe(0)
    peer.send(settings(Setting.MAX_CONCURRENT_STREAMS, 10))
    expect(peer.client.capacity).toBe(9)
  })
})
