import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import { content, headers, rstStream } from '../peer/frames.js'
import { request, requestTo, response } from '../peer/hpack-writer.js'
import { Peer } from '../peer/peer.js'
import type { Behaviour } from '../peer/recorder.js'

const { FLOW_CONTROL_ERROR, CANCEL } = ErrorCode
const _hold = requestTo('/hold')
const _LARGEST = 2 ** 31 - 1
const _silent: Behaviour = {}

describe.each(['server', 'client'] as const)('a %s that receives', (role) => {
  /** A peer with streams 1 to 2 count - 1 open towards the machine. */
  const receiving = (count: number, behaviour: Behaviour): Peer => {
    const peer = new Peer({ role, behaviour }).greet()
    for (let id = 1; id < 2 * count; id += 2) {
      if (role === 'client') peer.ask()
      peer.send(headers(id, role === 'server' ? request() : response()))
    }
    return peer
  }
  const eager: Behaviour = { onContent: (stream, bytes) => stream.consume(bytes) }
  const lazy: Behaviour = { onContent: () => {} }
  /** Sends as much as the windows allow, up to so many bytes, in frames of a size. */
  const fill = (peer: Peer, id: number, most: number, frame = 16_384): number => {
    let sent = 0
    while (sent < most) {
      const bytes = Math.min(frame, most - sent, peer.judge.windows.in(id), peer.judge.windows.in(0))
      if (bytes <= 0) break
      peer.send(content(id, new Uint8Array(bytes)))
      sent += bytes
    }
    return sent
  }

  it('gives back what is consumed, for ever', () => {
    const peer = receiving(1, eager)
    expect(fill(peer, 1, 5_000_000)).toBe(5_000_000)
    expect(peer.violations).toEqual([])
  })

  it.each([1, 100, 1000])('gives back frames of %i bytes too', (size) => {
    const peer = receiving(1, eager)
    expect(fill(peer, 1, 200_000, size)).toBe(200_000)
  })

  it('gives back nothing of what is not consumed', () => {
    const peer = receiving(1, lazy)
    const sent = fill(peer, 1, 50_000_000)
    expect(sent).toBeGreaterThanOrEqual(65_535)
    expect(sent).toBeLessThanOrEqual(4 * 1024 * 1024)
    expect(peer.judge.windows.in(1)).toBe(0)
  })

  it('calls content over the window of a stream an error', () => {
    const peer = receiving(1, lazy)
    fill(peer, 1, 50_000_000)
    peer.send(content(1, 'x'))
    expect([peer.judge.said(1).reset, peer.judge.goaways[0]?.code]).toContain(FLOW_CONTROL_ERROR)
  })

  it('calls content over the window of the connection an error', () => {
    const peer = receiving(1, lazy)
    const open = (id: number) => {
      if (role === 'client') peer.ask()
      peer.send(headers(id, role === 'server' ? request() : response()))
    }
    let id = 1
    while (peer.judge.windows.in(0) > 0 && id < 1999) {
      fill(peer, id, 50_000_000)
      id += 2
      open(id)
    }
    expect(peer.judge.windows.in(0)).toBe(0)
    peer.send(content(id, 'x'))
    expect([peer.judge.said(id).reset, peer.judge.goaways[0]?.code]).toContain(FLOW_CONTROL_ERROR)
  })

  it('goes on with other streams while one is not consumed', () => {
    const peer = receiving(2, { onContent: (stream, bytes) => (stream.id === 1 ? undefined : stream.consume(bytes)) })
    fill(peer, 1, 50_000_000)
    expect(fill(peer, 3, 1_000_000)).toBe(1_000_000)
  })

  it('gives back padding by itself', () => {
    const peer = receiving(1, eager)
    for (let i = 0; i < 1000; i += 1) peer.send(content(1, 'x', { pad: 255 }))
    expect(peer.judge.windows.in(0)).toBeGreaterThan(0)
    expect(peer.judge.windows.in(1)).toBeGreaterThan(0)
    expect(peer.judge.goaways).toEqual([])
  })

  it.each(['by the other side', 'by this side'])(
    'gives back to the connection what was not consumed of streams reset %s',
    (whom) => {
      const peer = receiving(300, lazy)
      for (let id = 1; id < 600; id += 2) {
        expect(fill(peer, id, 40_000)).toBe(40_000)
        if (whom === 'by the other side') peer.send(rstStream(id, CANCEL))
        else peer.app.reset(id, CANCEL)
        peer.take()
      }
      expect(peer.judge.goaways).toEqual([])
      expect(peer.violations).toEqual([])
    },
  )

  it('takes content that is consumed late', () => {
    const peer = receiving(1, lazy)
    const stream = peer.app.opened(1)
    fill(peer, 1, 60_000)
    peer.send(content(1, '', { end: true }))
    stream?.consume(60_000)
    peer.take()
    expect(peer.judge.windows.in(0)).toBeGreaterThanOrEqual(65_535 / 2)
    expect(peer.violations).toEqual([])
  })
})
