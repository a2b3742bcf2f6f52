import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import {
  content,
  continuation,
  goaway,
  headers,
  MAGIC,
  ping,
  priority,
  rstStream,
  Setting,
  settings,
  windowUpdate,
} from '../peer/frames.js'
import { block, request, requestTo } from '../peer/hpack-writer.js'
import { Peer, type Role } from '../peer/peer.js'
import type { Behaviour } from '../peer/recorder.js'
import { unknown } from './case.js'
import { answers, breaks, lives, server } from './limits.js'

const { ENHANCE_YOUR_CALM, CANCEL, SETTINGS_TIMEOUT } = ErrorCode
const hold = requestTo('/hold')

describe('the limit on frames that carry nothing', () => {
  const name = /^idleFrame(Burst|sPerSecond)$/
  const limits = { idleFrameBurst: 50, idleFramesPerSecond: 10 }
  const kinds: Record<string, () => Uint8Array> = {
    PING: () => ping(),
    'PING with ACK': () => ping('12345678', true),
    SETTINGS: () => settings(),
    PRIORITY: () => priority(1),
    'PRIORITY of idle streams': () => priority(99),
    'empty DATA': () => content(1, ''),
    'DATA of padding alone': () => content(1, '', { pad: 20 }),
    'WINDOW_UPDATE of the connection': () => windowUpdate(0, 1),
    'WINDOW_UPDATE of a stream': () => windowUpdate(1, 1),
    'WINDOW_UPDATE of a closed stream': () => windowUpdate(3, 1),
    'frames of unknown type': () => unknown(0),
    'empty frames of unknown type': () => unknown(1, ''),
  }
  // The first streams and SETTINGS may count as well: five frames either way are left open.
  const flood = (role: Role, kind: () => Uint8Array, count: number): Peer => {
    const peer = new Peer({ role, options: { limits } }).greet()
    if (role === 'server') peer.send(headers(1, hold), headers(3, request(), { end: true }))
    else {
      peer.ask()
      peer.ask(true)
      peer.send(headers(3, block([':status', '200']), { end: true }), headers(1, block([':status', '200'])))
    }
    for (let i = 0; i < count && !peer.machine.closed; i += 1) peer.send(kind())
    return peer
  }

  describe.each(['server', 'client'] as const)('of a %s', (role) => {
    it.each(Object.entries(kinds))('counts %s', (_, kind) => {
      const peer = flood(role, kind, 45)
      expect(peer.app.calls('breach')).toEqual([])
      expect(peer.machine.closed).toBe(false)
      breaks(flood(role, kind, 56), name)
    })
  })

  it.each([
    ['DATA', () => content(3, 'x')],
    ['HEADERS', () => headers(3, request(), { end: true })],
    ['RST_STREAM', () => rstStream(3, CANCEL)],
    ['empty DATA', () => content(3, '', { end: true })],
  ])('lets no flood of %s on a closed stream go on for ever, or answers none of it', (_, kind) => {
    const peer = server({ ...limits, resetBurst: 50 })
      .greet()
      .send(headers(3, request(), { end: true }))
    const before = peer.judge.frames.length
    for (let i = 0; i < 5000 && !peer.machine.closed; i += 1) peer.send(kind())
    expect(peer.machine.closed || peer.judge.frames.length - before < 10).toBe(true)
    expect(peer.judge.frames.length - before).toBeLessThan(200)
  })

  it('gives back so many a second', () => {
    const peer = flood('server', () => ping(), 40)
    for (let second = 0; second < 20; second += 1) {
      peer.timers.advance(1000)
      for (let i = 0; i < 10; i += 1) peer.send(ping())
    }
    expect(peer.machine.closed).toBe(false)
  })

  it('lets those live that only give windows back for what they were sent', () => {
    const big: Behaviour = {
      onRequest(stream) {
        stream.sendHeaders([':status', '200'], undefined, false)
        stream.sendData(new Uint8Array(2_000_000), true)
      },
    }
    const peer = server(limits, big).greet()
    peer.send(headers(1, hold, { end: true }))
    for (let i = 0; i < 1000 && !peer.judge.said(1).ended; i += 1)
      peer.send(windowUpdate(0, 4000), windowUpdate(1, 4000))
    expect(peer.judge.said(1).body).toHaveLength(2_000_000)
    lives(peer)
  })

  it('ends a flood of GOAWAY', () => {
    expect(flood('client', () => goaway(3, 0), 1000).machine.closed).toBe(true)
  })
})

describe('the limits on what waits to be sent', () => {
  const sends = (bytes: number): Behaviour => ({
    onRequest(stream) {
      stream.sendHeaders([':status', '200'], undefined, false)
      stream.sendData(new Uint8Array(bytes), false)
    },
  })
  const closedWindow = [Setting.INITIAL_WINDOW_SIZE, 0] as const

  it('takes so many bytes and no more', () => {
    lives(
      server({ maxQueuedBytes: 10_000 }, sends(5000))
        .greet(...closedWindow)
        .send(headers(1, hold), headers(3, hold)),
    )
    breaks(
      server({ maxQueuedBytes: 10_000 }, sends(5001))
        .greet(...closedWindow)
        .send(headers(1, hold), headers(3, hold)),
      'maxQueuedBytes',
    )
  })

  it('counts what still waits, not what was sent', () => {
    const peer = server({ maxQueuedBytes: 10_000 }, sends(9000)).greet()
    for (let id = 1; id < 20; id += 2) peer.send(windowUpdate(0, 9000), headers(id, hold))
    lives(peer)
  })

  it.each([
    ['requests', (id: number) => [headers(id, requestTo('/headers'), { end: true })]],
    ['PING', () => [ping()]],
    ['SETTINGS', () => [settings()]],
  ])('ends a reader that never reads, whatever it asks for: %s', (_, way) => {
    const behaviour: Behaviour = {
      onRequest: (stream) => stream.sendHeaders([':status', '200'], ['x-long', 'y'.repeat(100)], true),
    }
    const peer = server({ maxQueuedBytes: 10_000 }, behaviour).greet()
    peer.machine.setBlocked(true)
    for (let id = 1; id < 10_000 && !peer.machine.closed; id += 2) {
      for (const frame of way(id)) peer.machine.receive(frame)
      peer.timers.advance(1)
    }
    expect(peer.machine.closed).toBe(true)
    expect(peer.app.calls('breach').map(({ text }) => text)).toEqual(['maxQueuedBytes'])
    expect(peer.machine.takeOutput().reduce((sum, bytes) => sum + bytes.length, 0)).toBeLessThan(30_000)
  })

  it('ends what makes no progress for too long', () => {
    const peer = server({ stalledStreamMs: 5000 }, sends(100))
      .greet(...closedWindow)
      .send(headers(1, hold))
    peer.timers.advance(4999)
    expect(peer.app.calls('breach')).toEqual([])
    // Progress is looked at from time to time: at the latest after as long again.
    peer.timers.advance(5001)
    peer.take()
    expect(peer.app.calls('breach').map(({ text }) => text)).toEqual(['stalledStreamMs'])
    expect(peer.app.calls('end', 1)).toHaveLength(1)
    expect([peer.judge.said(1).reset, peer.judge.goaways[0]?.code]).toContain(ENHANCE_YOUR_CALM)
  })

  it('lets a slow reader live that makes some progress', () => {
    const peer = server({ stalledStreamMs: 5000 }, sends(100))
      .greet(...closedWindow)
      .send(headers(1, hold))
    for (let i = 0; i < 50; i += 1) {
      peer.timers.advance(4000)
      peer.send(windowUpdate(1, 1))
    }
    expect(peer.judge.said(1).body).toHaveLength(50)
    lives(peer)
  })

  it('holds no timer when nothing waits', () => {
    const peer = server({ stalledStreamMs: 5000 }, sends(100))
      .greet(...closedWindow)
      .send(headers(1, hold), windowUpdate(1, 100))
    peer.timers.advance(60_000)
    lives(peer)
    peer.send(rstStream(1, CANCEL))
    peer.timers.advance(60_000)
    expect(peer.timers.pending).toBe(0)
  })
})

describe('the limit on the handshake', () => {
  it.each([
    ['nothing', []],
    ['half a preface', [MAGIC.subarray(0, 10)]],
    ['a preface without SETTINGS', [MAGIC]],
  ] as const)('ends a connection that says %s', (_, said) => {
    const peer = server({ handshakeMs: 3000 })
    peer.take().send(...said)
    peer.timers.advance(2999)
    expect(peer.machine.closed).toBe(false)
    peer.timers.advance(1)
    peer.take()
    expect(peer.machine.closed).toBe(true)
    expect(peer.app.calls('breach').map(({ text }) => text)).toEqual(['handshakeMs'])
    expect(peer.app.calls('close')).toHaveLength(1)
    expect(peer.timers.pending).toBe(0)
  })

  it('ends a connection on which a server says nothing', () => {
    const peer = new Peer({ role: 'client', options: { limits: { handshakeMs: 3000 } } }).take()
    peer.timers.advance(3000)
    peer.take()
    expect(peer.machine.closed).toBe(true)
    expect(peer.timers.pending).toBe(0)
  })

  it.each(['server', 'client'] as const)('ends a connection of a %s whose SETTINGS are not acknowledged', (role) => {
    const peer = new Peer({ role, options: { limits: { handshakeMs: 3000 } } }).take()
    peer.send(...(role === 'server' ? [MAGIC] : []), settings())
    peer.timers.advance(2999)
    expect(answers(peer)).toBe(true)
    peer.timers.advance(3000)
    peer.take()
    breaks(peer, 'handshakeMs', SETTINGS_TIMEOUT)
  })

  it.each(['server', 'client'] as const)('is over for a %s once SETTINGS were acknowledged', (role) => {
    const peer = new Peer({ role, options: { limits: { handshakeMs: 3000 } } }).greet()
    peer.timers.advance(3_600_000)
    lives(peer)
    expect(peer.timers.pending).toBe(0)
  })

  describe.each(['server', 'client'] as const)('of a %s', (role) => {
    const begun = (): Peer => {
      const peer = new Peer({ role, options: { limits: { handshakeMs: 3000 } } }).greet()
      if (role === 'client') peer.ask()
      const fields = role === 'server' ? request() : block([':status', '200'])
      return peer.send(headers(1, fields, { last: false }))
    }

    it('ends a connection whose header block begins and does not end', () => {
      const peer = begun()
      peer.timers.advance(2999)
      peer.send(continuation(1, block(['a', 'b']), false))
      expect(peer.machine.closed).toBe(false)
      peer.timers.advance(1)
      breaks(peer.take(), 'handshakeMs')
    })

    it('is over once the header block ended', () => {
      const peer = begun().send(continuation(1, block(['a', 'b'])))
      expect(peer.timers.pending).toBe(0)
      lives(peer)
    })
  })
})
