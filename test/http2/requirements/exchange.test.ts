import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import { content, headers, ping, rstStream, Setting, settings, Type, windowUpdate } from '../peer/frames.js'
import { block, indexed, indexing, request, requestTo, response } from '../peer/hpack-writer.js'
import { echo, Peer } from '../peer/peer.js'

const { NO_ERROR, CANCEL, STREAM_CLOSED } = ErrorCode
const hold = requestTo('/hold')

describe('a server', () => {
  it('that answers before the request is complete stops it without error (8.1), and drops what comes still', () => {
    const peer = new Peer({
      role: 'server',
      behaviour: { onRequest: (stream) => stream.sendHeaders([':status', '404'], undefined, true) },
    }).greet()
    peer.send(headers(1, request()), content(1, 'x'.repeat(1000)), content(1, '', { end: true }))
    expect(peer.judge.said(1)).toMatchObject({ ended: true, reset: NO_ERROR })
    expect(peer.judge.frames.filter(({ stream }) => stream === 1).map(({ type }) => type)).toEqual([
      Type.HEADERS,
      Type.RST_STREAM,
    ])
    expect(peer.machine.streamCount).toBe(0)
    expect(peer.violations).toEqual([])
  })

  it('sends trailers behind the content that waits', () => {
    const peer = new Peer({
      role: 'server',
      behaviour: {
        onRequest(stream) {
          stream.sendHeaders([':status', '200'], undefined, false)
          stream.sendData(Buffer.from('abc'), false)
          stream.sendPrefixed(0, Buffer.from('def'), false)
          stream.sendHeaders([], ['grpc-status', '0'], true)
        },
      },
    }).greet(Setting.INITIAL_WINDOW_SIZE, 0)
    peer.send(headers(1, request(), { end: true }))
    for (let i = 0; i < 10; i += 1) peer.send(windowUpdate(1, 1))
    expect(peer.judge.said(1)).toMatchObject({ ended: false, body: 'abc\0\0\0\0\x03de' })
    peer.send(windowUpdate(1, 1))
    expect(peer.judge.said(1)).toMatchObject({ ended: true, body: 'abc\0\0\0\0\x03def' })
    expect(peer.judge.said(1).blocks).toEqual([[[':status', '200']], [['grpc-status', '0']]])
    expect(peer.machine.streamCount).toBe(0)
    expect(peer.violations).toEqual([])
  })

  it('takes the highest identifier there is', () => {
    const peer = new Peer({ role: 'server' }).greet().send(headers(2 ** 31 - 1, request(), { end: true }))
    expect(peer.judge.said(2 ** 31 - 1)).toMatchObject({ ended: true, body: 'ok' })
    expect(peer.violations).toEqual([])
  })

  it('knows streams that were over long ago', () => {
    const peer = new Peer({ role: 'server' }).greet()
    for (let id = 1; id < 10_000; id += 2) peer.send(headers(id, request(), { end: true }))
    peer.send(windowUpdate(1, 5), rstStream(3, CANCEL), ping('still on'))
    expect(peer.judge.answers).toEqual(['still on'])
    expect(peer.judge.goaways).toEqual([])
    peer.send(content(5, 'x'))
    expect([undefined, STREAM_CLOSED]).toContain(peer.judge.said(5).reset ?? peer.judge.goaways[0]?.code)
  })

  it('tells every stream that ends, and that the last one did', () => {
    const peer = new Peer({ role: 'server' }).greet().send(headers(1, hold), headers(3, request(), { end: true }))
    expect(peer.machine.streamCount).toBe(1)
    expect(peer.app.calls('idle')).toEqual([])
    peer.send(rstStream(1, CANCEL))
    expect(peer.app.calls('idle')).toHaveLength(1)
    expect(peer.app.calls('end').map(({ stream }) => stream)).toEqual([1])
  })
})

describe('a client', () => {
  it('says the preface and SETTINGS that forbid push, before anything else', () => {
    const peer = new Peer({ role: 'client' }).take()
    expect(peer.judge.frames[0]?.type).toBe(Type.SETTINGS)
    expect(peer.judge.advertised(Setting.ENABLE_PUSH)).toBe(0)
    expect(peer.violations).toEqual([])
  })

  it('may ask before the server said a word, and is told once when it did', () => {
    const peer = new Peer({ role: 'client' }).take()
    expect(peer.client.capacity).toBeGreaterThan(0)
    peer.ask(true)
    expect(peer.judge.said(1).blocks).toHaveLength(1)
    expect(peer.app.calls('ready')).toEqual([])
    peer.send(settings(), headers(1, response(), { end: true }), settings())
    expect(peer.app.calls('ready')).toHaveLength(1)
    expect(peer.app.calls('headers', 1)).toHaveLength(1)
  })

  it('has no capacity left when the server allows fewer streams than there are', () => {
    const peer = new Peer({ role: 'client' }).take()
    peer.ask()
    peer.ask()
    peer.send(settings(Setting.MAX_CONCURRENT_STREAMS, 1))
    expect(peer.client.capacity).toBe(0)
    peer.send(headers(1, response(), { end: true }))
    peer.app.opened(1)?.sendData(new Uint8Array(0), true)
    expect(peer.client.capacity).toBe(0)
  })

  it('keeps a response that is complete when the rest of its request is refused (8.1)', () => {
    const peer = new Peer({ role: 'client' }).greet()
    peer.ask()
    peer.send(headers(1, response()), content(1, 'all'), headers(1, block(['grpc-status', '0']), { end: true }))
    peer.send(rstStream(1, NO_ERROR))
    expect(peer.app.heard.filter(({ stream }) => stream === 1).map(({ call }) => call)).toEqual([
      'headers',
      'content',
      'trailers',
      'end',
    ])
    expect(peer.app.calls('end', 1)[0]?.ended).toMatchObject({ code: NO_ERROR, remote: true, unprocessed: false })
    expect(peer.violations).toEqual([])
  })

  it.each([
    ['content', content(1, 'c', { end: true })],
    ['trailers', headers(1, block(['grpc-status', '0']), { end: true })],
    ['empty content', content(1, '', { end: true })],
  ])('is done with a stream when %s end the response, and not before', (_, last) => {
    const peer = new Peer({ role: 'client' }).greet(Setting.MAX_CONCURRENT_STREAMS, 1)
    const stream = peer.ask(true)
    peer.send(headers(1, response()), content(1, 'a'), content(1, 'b'))
    expect([stream.closed, peer.machine.streamCount, peer.client.capacity]).toEqual([false, 1, 0])
    peer.send(last)
    expect([stream.closed, peer.machine.streamCount, peer.client.capacity]).toEqual([true, 0, 1])
    expect(
      peer.app
        .calls('content', 1)
        .map(({ body }) => body)
        .join(''),
    ).toContain('ab')
    expect(peer.app.calls('end')).toEqual([])
    expect(peer.app.calls('idle')).toHaveLength(1)
    expect(peer.judge.said(1).reset).toBeUndefined()
  })

  it('goes on sending when the response is complete', () => {
    const peer = new Peer({ role: 'client' }).greet()
    const stream = peer.ask()
    peer.send(headers(1, response(), { end: true }))
    stream.sendData(Buffer.from('late'), true)
    expect(peer.take().judge.said(1)).toMatchObject({ body: 'late', ended: true })
    expect(stream.closed).toBe(true)
    expect(peer.app.calls('end')).toEqual([])
  })

  it('drops the answer to what it gave up, and keeps the table and the window of the connection', () => {
    const peer = new Peer({ role: 'client', behaviour: echo }).greet()
    for (let id = 1; id < 400; id += 2) {
      peer.ask(true).reset(CANCEL)
      peer.take().send(headers(id, response()))
      const bytes = Math.min(16_000, peer.judge.windows.in(0))
      expect(bytes).toBe(16_000)
      peer.send(content(id, 'x'.repeat(bytes)), headers(id, indexing('kept', String(id)), { end: true }))
    }
    peer.ask(true)
    peer.send(headers(401, [...block([':status', '200']), ...indexed(62)], { end: true }))
    expect(peer.app.calls('headers').map(({ fields }) => fields)).toEqual([[':status', '200', 'kept', '399']])
    expect(peer.app.calls('content')).toEqual([])
    expect(peer.judge.said(1).reset).toBe(CANCEL)
    expect(peer.violations).toEqual([])
  })
})

describe.each(['server', 'client'] as const)('the output of a %s', (role) => {
  const acts: Record<string, (peer: Peer) => void> = {
    sendData: (peer) => peer.app.opened(1)?.sendData(Buffer.from('x'), false),
    sendPrefixed: (peer) => peer.app.opened(1)?.sendPrefixed(0, Buffer.from('x'), false),
    sendHeaders: (peer) => peer.app.opened(1)?.sendHeaders([], ['a', 'b'], true),
    reset: (peer) => peer.app.reset(1, CANCEL),
    consume: (peer) => peer.app.opened(1)?.consume(60_000),
    ping: (peer) => peer.machine.ping(() => {}),
    shutDown: (peer) => peer.machine.shutDown(),
    abort: (peer) => peer.machine.abort(CANCEL, ''),
  }

  it.each(Object.entries(acts))('is announced when %s makes some', (_, act) => {
    const peer = new Peer({ role, behaviour: { onContent: () => {} } }).greet()
    if (role === 'client') peer.ask()
    peer.send(headers(1, role === 'server' ? hold : response()))
    if (role === 'server') peer.app.opened(1)?.sendHeaders([':status', '200'], undefined, false)
    for (let i = 0; i < 4; i += 1) peer.send(content(1, new Uint8Array(15_000)))
    expect(peer.take().app.output).toBe(false)
    act(peer)
    expect(peer.app.output).toBe(true)
    const before = peer.judge.frames.length
    peer.take()
    expect(peer.judge.frames.length).toBeGreaterThan(before)
    expect(peer.violations).toEqual([])
  })
})

describe('what HEAD asks for', () => {
  it('may have a length and no content', () => {
    const peer = new Peer({ role: 'client' }).greet()
    peer.ask(true, [':method', 'HEAD', ':scheme', 'http', ':path', '/', ':authority', 'test'])
    peer.send(headers(1, response(['content-length', '9']), { end: true }))
    expect(peer.app.calls('headers', 1)).toHaveLength(1)
    expect(peer.judge.said(1).reset).toBeUndefined()
    expect(peer.machine.streamCount).toBe(0)
  })
})

describe.each(['server', 'client'] as const)('what a %s learns of the other side', (role) => {
  it('is the largest header block that it takes', () => {
    const peer = new Peer({ role }).greet()
    expect(peer.machine.peerHeaderListBytes).toBe(Number.POSITIVE_INFINITY)
    peer.send(settings(Setting.MAX_HEADER_LIST_SIZE, 5000))
    expect(peer.machine.peerHeaderListBytes).toBe(5000)
  })

  it('is each PING, and no answer to one', () => {
    const peer = new Peer({ role }).greet().send(ping(), ping(), ping('whatever', true))
    expect(peer.app.calls('ping')).toHaveLength(2)
  })
})

describe.each(['server', 'client'] as const)('the windows of a %s', (role) => {
  /** Sends a window's worth in every round trip of 20 ms, and answers what the machine asked meanwhile. */
  const load = (peer: Peer, rounds: number): void => {
    if (role === 'client') peer.ask()
    peer.send(headers(1, role === 'server' ? hold : response()))
    for (let round = 0, answered = 0; round < rounds; round += 1) {
      for (let left = Math.min(peer.judge.windows.in(1), peer.judge.windows.in(0)); left > 0; left -= 16_384) {
        peer.send(content(1, new Uint8Array(Math.min(left, 16_384))))
      }
      peer.timers.advance(20)
      for (; answered < peer.judge.questions.length; answered += 1)
        peer.send(ping(peer.judge.questions[answered], true))
    }
  }

  it('grow with a link that is fast and far, up to what is allowed', () => {
    const peer = new Peer({
      role,
      options: { maxStreamWindowBytes: 500_000, maxConnectionWindowBytes: 900_000 },
    }).greet()
    load(peer, 60)
    expect(peer.judge.windows.most(1)).toBeGreaterThan(400_000)
    expect(peer.judge.windows.most(1)).toBeLessThanOrEqual(500_000)
    expect(peer.judge.windows.most(0)).toBeGreaterThan(600_000)
    expect(peer.judge.windows.most(0)).toBeLessThanOrEqual(900_000)
    expect(peer.violations).toEqual([])
  })

  it('do not grow for an application that does not read', () => {
    const peer = new Peer({ role, behaviour: { onContent: () => {} } }).greet()
    load(peer, 60)
    expect(peer.judge.windows.most(1)).toBeLessThanOrEqual(65_535)
  })
})
