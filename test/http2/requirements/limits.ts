import { expect } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import type { Http2Limits } from '../../../src/http2/options.js'
import { ping } from '../peer/frames.js'
import { echo, Peer } from '../peer/peer.js'
import type { Behaviour } from '../peer/recorder.js'

const { ENHANCE_YOUR_CALM } = ErrorCode

/** A server with these limits. */
export const server = (limits: Http2Limits, behaviour: Behaviour = echo): Peer =>
  new Peer({ role: 'server', options: { limits }, behaviour })
/** True if PING is answered. */
export const answers = (peer: Peer): boolean => peer.send(ping('alive?!?')).judge.answers.includes('alive?!?')

/** Nothing is wrong. */
export function lives(peer: Peer): void {
  expect(peer.app.calls('breach')).toEqual([])
  expect(peer.judge.goaways).toEqual([])
  expect(answers(peer)).toBe(true)
  expect(peer.violations).toEqual([])
}

/** The connection ended for this limit, leaves no timer behind, and another one goes on. */
export function breaks(peer: Peer, limit: string | RegExp, code: number = ENHANCE_YOUR_CALM): void {
  const other = new Peer({ role: 'server' }).greet()
  expect(peer.app.calls('breach').map(({ text }) => text)).toEqual([expect.stringMatching(limit)])
  expect(peer.judge.goaways.map((one) => one.code)).toEqual([code])
  expect(peer.app.calls('close')).toHaveLength(1)
  expect(peer.machine.closed).toBe(true)
  expect(peer.machine.streamCount).toBe(0)
  expect(peer.timers.pending).toBe(0)
  expect(peer.violations).toEqual([])
  expect(answers(other)).toBe(true)
}

/**
 * A header block broke this limit: it is not taken, and whoever watches hears why. RFC 9113, 10.5.1 leaves open whether
 * that costs an answer of 431, the stream or the connection.
 */
export function refuses(peer: Peer, limit: string, id = 1): void {
  const { blocks, reset } = peer.judge.said(id)
  const status = blocks[0]?.[0]?.[1]
  const goaway = peer.judge.goaways[0]?.code
  expect(status === '431' || reset !== undefined || goaway === ENHANCE_YOUR_CALM, `the reaction to ${limit}`).toBe(true)
  if (goaway === undefined) expect(answers(peer)).toBe(true)
  if (id === 1) expect(peer.app.calls('stream')).toEqual([])
  expect(peer.app.calls('trailers', id)).toEqual([])
  expect(peer.app.calls('breach').map(({ text }) => text)).toEqual([limit])
  expect(peer.violations).toEqual([])
}
