import { describe, expect, it } from 'vitest'
import { headers, Setting, settings, Type } from '../peer/frames.js'
import { requestTo } from '../peer/hpack-writer.js'
import { Peer } from '../peer/peer.js'
import { randomFrom } from '../peer/random.js'

const constant = [':status', '200', 'content-type', 'application/grpc']

/** A server that answers each request with these fields, and whose blocks are read by a decoder of its own. */
function answering(varying: (id: number) => string[]): Peer {
  return new Peer({
    role: 'server',
    behaviour: {
      onRequest(stream) {
        stream.sendHeaders(constant, varying(stream.id), true)
      },
    },
  })
}

describe('header blocks that a connection writes', () => {
  it('say what was to be said, whatever table the other side allows', () => {
    const random = randomFrom(5)
    const expected = new Map<number, string[]>()
    const peer = answering((id) => {
      const fields = Array.from({ length: random(5) }, () => [`x-${random(9)}`, 'v'.repeat(random(90))]).flat()
      expected.set(id, [...constant, ...fields])
      return fields
    }).greet()
    for (let id = 1; id < 2000; id += 2) {
      const sizes = Array.from({ length: random(3) }, () => [
        Setting.HEADER_TABLE_SIZE,
        random(2) * random(9000),
      ]).flat()
      if (random(4) === 0) peer.send(settings(...sizes))
      peer.send(headers(id, requestTo('/'), { end: true }))
      expect(peer.judge.said(id).blocks[0]?.flat()).toEqual(expected.get(id))
    }
    expect(peer.violations).toEqual([])
  })

  it.each([[[0]], [[0, 4096]], [[100, 0, 8000]]])('signal a table that shrank on the way: %j', (sizes) => {
    const peer = answering(() => ['x', 'y'])
      .greet()
      .send(headers(1, requestTo('/'), { end: true }))
    peer.send(settings(...sizes.flatMap((size) => [Setting.HEADER_TABLE_SIZE, size])))
    for (let id = 3; id < 20; id += 2) peer.send(headers(id, requestTo('/'), { end: true }))
    expect(peer.judge.said(19).blocks[0]?.flat()).toEqual([...constant, 'x', 'y'])
    expect(peer.violations).toEqual([])
  })

  it('are cut where they exceed a frame', () => {
    const peer = answering(() => ['x', 'y'.repeat(40_000)])
      .greet()
      .send(headers(1, requestTo('/'), { end: true }))
    expect(peer.judge.said(1).blocks[0]?.at(-1)?.[1]).toHaveLength(40_000)
    expect(peer.judge.said(1).ended).toBe(true)
    expect(peer.judge.frames.filter(({ type }) => type === Type.CONTINUATION).length).toBeGreaterThan(0)
    expect(peer.violations).toEqual([])
  })

  it('carry every byte that a field may have', () => {
    const value = String.fromCharCode(
      ...Array.from({ length: 256 }, (_, code) => code).filter((code) => code > 31 && code !== 127),
    )
    const peer = answering(() => ['x', `a${value}b`])
      .greet()
      .send(headers(1, requestTo('/'), { end: true }))
    expect(peer.judge.said(1).blocks[0]?.at(-1)).toEqual(['x', `a${value}b`])
  })
})
