import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import { content, goaway, headers, ping, rstStream, Setting, settings } from '../peer/frames.js'
import { block, request, requestTo, response } from '../peer/hpack-writer.js'
import { Peer } from '../peer/peer.js'
import type { Heard } from '../peer/recorder.js'

const { NO_ERROR, CANCEL, INTERNAL_ERROR } = ErrorCode
const hold = requestTo('/hold')

/** A client with so many requests under way, that does `act` whenever it hears `call`. */
function client(asked: number, call: string, act: (peer: Peer, heard: Heard) => void): Peer {
  const peer: Peer = new Peer({
    role: 'client',
    behaviour: {
      onCall: (heard) => {
        if (heard.call === call) act(peer, heard)
      },
    },
  }).take()
  for (let i = 0; i < asked; i += 1) peer.ask(true)
  return peer
}

const calls = (peer: Peer): string[] => peer.app.heard.map(({ call, stream }) => `${call} ${stream}`)

describe('an application that acts in the midst of a call', () => {
  it('hears of a stream once, though it resets it while a GOAWAY ends many', () => {
    const peer = client(3, 'end', (self) => {
      for (const id of [1, 3, 5]) self.app.reset(id, CANCEL)
    })
    peer.send(settings(), goaway(0, NO_ERROR))
    expect(
      peer.app
        .calls('end')
        .map(({ stream }) => stream)
        .sort(),
    ).toEqual([1, 3, 5])
    expect(peer.app.calls('close')).toHaveLength(1)
    expect(peer.violations).toEqual([])
  })

  it('hears of a stream once, though it resets it while the connection breaks', () => {
    const peer = client(3, 'end', (self) => {
      for (const id of [1, 3, 5]) self.app.reset(id, CANCEL)
    })
    peer.machine.receiveEnd(new Error('broken'))
    expect(
      peer.app
        .calls('end')
        .map(({ stream }) => stream)
        .sort(),
    ).toEqual([1, 3, 5])
    expect(peer.take().violations).toEqual([])
  })

  it.each(['ready', 'headers', 'trailers', 'end', 'goaway', 'idle'])(
    'may abort in the midst of %s, and hears nothing behind onClose',
    (call) => {
      const peer = client(2, call, (self) => self.machine.abort(INTERNAL_ERROR, 'enough'))
      peer.send(
        settings(),
        headers(1, response()),
        headers(1, block(['a', 'b']), { end: true }),
        rstStream(3, CANCEL),
        goaway(0, NO_ERROR),
      )
      expect(calls(peer).at(-1)).toBe('close 0')
      expect(peer.machine.closed).toBe(true)
      expect(peer.timers.pending).toBe(0)
      expect(peer.violations).toEqual([])
    },
  )

  it.each(['ready', 'headers', 'end', 'capacity', 'idle'])('may ask anew in the midst of %s', (call) => {
    let more = 3
    const peer = client(1, call, (self) => {
      if (more > 0 && self.client.capacity > 0) {
        more -= 1
        self.client.request(
          [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'a'],
          undefined,
          true,
          self.app.listen(0, () => undefined),
        )
      }
    })
    peer.send(settings(Setting.MAX_CONCURRENT_STREAMS, 2), headers(1, response()), rstStream(1, CANCEL))
    expect(peer.judge.streams.size).toBeGreaterThan(1)
    expect(peer.violations).toEqual([])
  })

  it('may end everything in the midst of a request', () => {
    const acts: ((peer: Peer) => void)[] = [
      (peer) => peer.machine.abort(INTERNAL_ERROR, 'enough'),
      (peer) => peer.machine.shutDown('bye'),
      (peer) => peer.machine.receiveEnd(),
    ]
    for (const act of acts) {
      const peer: Peer = new Peer({ role: 'server', behaviour: { onRequest: () => act(peer) } }).greet()
      peer.send(headers(1, request()), content(1, 'x', { end: true }), ping())
      expect(peer.app.calls('stream')).toHaveLength(1)
      expect(peer.violations).toEqual([])
    }
  })

  it('may reset a stream as soon as it hears of it, and hears nothing of it but that', () => {
    const peer = new Peer({ role: 'server', behaviour: { onRequest: (stream) => stream.reset(CANCEL) } }).greet()
    peer.send(headers(1, request()), content(1, 'x'), headers(1, block(['a', 'b']), { end: true }), ping('still on'))
    expect(peer.app.heard.filter(({ stream, call }) => stream === 1 && call !== 'end').map(({ call }) => call)).toEqual(
      ['stream'],
    )
    expect(peer.judge.said(1).reset).toBe(CANCEL)
    expect(peer.judge.answers).toEqual(['still on'])
    expect(peer.violations).toEqual([])
  })

  it('may reset other streams in the midst of content', () => {
    const peer: Peer = new Peer({ role: 'server', behaviour: { onContent: () => peer.app.reset(1, CANCEL) } }).greet()
    peer.send(headers(1, hold), headers(3, hold), content(3, 'x'), content(1, 'y'), content(3, 'z', { end: true }))
    expect(peer.app.calls('content').map(({ stream, body }) => `${stream} ${body}`)).toEqual(['3 x', '3 z'])
    expect(peer.machine.streamCount).toBe(1)
    expect(peer.violations).toEqual([])
  })

  it('may take output as soon as it hears of some', () => {
    const peer: Peer = new Peer({
      role: 'server',
      behaviour: {
        onOutput: () => void peer.takeOnce(),
        onComplete(stream) {
          stream.sendHeaders([':status', '200'], undefined, false)
          stream.sendData(new Uint8Array(100_000), true)
        },
      },
    })
    peer.greet().send(headers(1, request(), { end: true }), settings(Setting.INITIAL_WINDOW_SIZE, 1_000_000))
    expect(peer.judge.said(1).body).toHaveLength(65_535)
    expect(peer.violations).toEqual([])
  })
})
