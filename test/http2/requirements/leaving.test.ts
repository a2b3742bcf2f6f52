import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import { content, goaway, headers, ping, rstStream } from '../peer/frames.js'
import { indexed, indexing, request, requestTo, response } from '../peer/hpack-writer.js'
import { Peer } from '../peer/peer.js'

const { NO_ERROR, PROTOCOL_ERROR, ENHANCE_YOUR_CALM, INTERNAL_ERROR, CANCEL } = ErrorCode
const hold = requestTo('/hold')
const ALL = 2 ** 31 - 1

const server = (): Peer => new Peer({ role: 'server' }).greet()
const client = (streams: number): Peer => {
  const peer = new Peer({ role: 'client' }).greet()
  for (let i = 0; i < streams; i += 1) peer.ask(true)
  return peer
}
/** Over, heard once and nothing after, and no timer is left. */
const isOver = (peer: Peer): void => {
  peer.take()
  expect(peer.machine.closed).toBe(true)
  expect(peer.machine.streamCount).toBe(0)
  expect(peer.app.calls('close')).toHaveLength(1)
  expect(peer.app.heard.at(-1)?.call).toBe('close')
  expect(peer.timers.pending).toBe(0)
  const heard = peer.app.heard.length
  const written = peer.judge.frames.length
  peer.send(ping(), headers(99, request(), { end: true }))
  peer.machine.shutDown()
  peer.machine.abort(INTERNAL_ERROR, 'again')
  peer.machine.receiveEnd(new Error('again'))
  peer.take()
  expect([peer.app.heard.length, peer.judge.frames.length]).toEqual([heard, written])
  expect(peer.machine.takeOutput()).toEqual([])
  expect(peer.violations).toEqual([])
}

describe('a server that leaves', () => {
  it('first says so, refuses nothing, and asks for a sign that this was heard', () => {
    const peer = server().send(headers(1, hold))
    peer.machine.shutDown('bye')
    peer.take()
    expect(peer.judge.goaways).toEqual([{ last: ALL, code: NO_ERROR, debug: 'bye' }])
    expect(peer.judge.questions).toHaveLength(1)
    peer.send(headers(3, request(), { end: true }))
    expect(peer.judge.said(3).ended).toBe(true)
    expect(peer.machine.closed).toBe(false)
  })

  it('then names the last stream that it takes, and closes when they are over', () => {
    const peer = server().send(headers(1, hold))
    peer.machine.shutDown()
    peer.take().send(headers(3, hold), ping(peer.judge.questions[0], true))
    expect(peer.judge.goaways.map(({ last }) => last)).toEqual([ALL, 3])
    expect(peer.machine.closed).toBe(false)
    peer.send(rstStream(3, CANCEL), rstStream(1, CANCEL))
    expect(peer.app.calls('close')[0]?.text).toBeUndefined()
    isOver(peer)
  })

  it('finishes the answer of a stream that it took', () => {
    const peer = server().send(headers(1, request()))
    peer.machine.shutDown()
    peer.take().send(ping(peer.judge.questions[0], true), content(1, 'x', { end: true }))
    expect(peer.judge.said(1)).toMatchObject({ body: 'ok', ended: true })
    isOver(peer)
  })

  it('drops streams behind the last one, and still reads their header blocks', () => {
    const peer = server().send(headers(1, hold))
    peer.machine.shutDown()
    peer.take().send(ping(peer.judge.questions[0], true))
    peer.send(headers(3, [...request(), ...indexing('kept', 'v')]), content(3, 'x'.repeat(100), { end: true }))
    peer.send(headers(1, indexed(62), { end: true }))
    expect(peer.app.calls('stream', 3)).toEqual([])
    expect(peer.app.calls('trailers', 1)[0]?.fields).toEqual(['kept', 'v'])
    expect(peer.judge.goaways.map(({ code }) => code)).toEqual([NO_ERROR, NO_ERROR])
  })

  it('waits five seconds for the sign, and no longer', () => {
    const peer = server().send(headers(1, hold))
    peer.machine.shutDown()
    peer.take().timers.advance(4999)
    expect(peer.take().judge.goaways).toHaveLength(1)
    peer.timers.advance(1)
    expect(peer.take().judge.goaways.map(({ last }) => last)).toEqual([ALL, 1])
  })

  it('takes no sign but its own', () => {
    const peer = server().send(headers(1, hold))
    peer.machine.shutDown()
    peer.take().send(ping('whatever', true))
    expect(peer.judge.goaways).toHaveLength(1)
  })

  it('closes at once when the sign comes and nothing is under way', () => {
    const peer = server().send(headers(1, request(), { end: true }))
    peer.machine.shutDown()
    peer.take().send(ping(peer.judge.questions[0], true))
    expect(peer.judge.goaways.map(({ last }) => last)).toEqual([ALL, 1])
    isOver(peer)
  })

  it('leaves once, however often it is asked to', () => {
    const peer = server().send(headers(1, hold))
    peer.machine.shutDown()
    peer.machine.shutDown()
    peer.take().send(ping(peer.judge.questions[0], true))
    peer.machine.shutDown()
    expect(peer.take().judge.goaways.map(({ last }) => last)).toEqual([ALL, 1])
  })
})

describe('a client that leaves', () => {
  it('opens nothing more, and closes when its streams are over', () => {
    const peer = client(1)
    peer.machine.shutDown('bye')
    peer.take()
    expect(peer.judge.goaways.at(-1)).toEqual({ last: 0, code: NO_ERROR, debug: 'bye' })
    expect(peer.client.capacity).toBe(0)
    expect(peer.machine.closed).toBe(false)
    peer.send(headers(1, response(), { end: true }))
    isOver(peer)
  })

  it('closes at once when nothing is under way', () => {
    const peer = client(0)
    peer.machine.shutDown()
    isOver(peer)
  })
})

describe('a client whose server leaves', () => {
  it('hears of it, opens nothing more, and goes on with what the server took', () => {
    const peer = client(3).send(goaway(3, NO_ERROR, 'bye'))
    expect(peer.app.calls('goaway')).toMatchObject([{ code: NO_ERROR, text: 'bye' }])
    expect(peer.client.capacity).toBe(0)
    expect(peer.app.calls('end').map(({ stream }) => stream)).toEqual([5])
    peer.send(headers(1, response(), { end: true }), headers(3, response(), { end: true }))
    expect(peer.app.calls('headers')).toHaveLength(2)
    expect(peer.app.calls('close')[0]?.text).toBeUndefined()
    isOver(peer)
  })

  it('is over at once where nothing was under way', () => {
    const peer = client(0).send(goaway(0, NO_ERROR))
    expect(peer.app.calls('goaway')).toHaveLength(1)
    isOver(peer)
  })

  it('learns of streams that the server did not take that they may be tried again', () => {
    const peer = client(2).send(goaway(1, NO_ERROR))
    expect(peer.app.calls('end', 3)[0]?.ended).toMatchObject({ remote: true, unprocessed: true })
  })

  it('loses nothing to a GOAWAY that refuses nothing, until the next', () => {
    const peer = client(2).send(goaway(ALL, NO_ERROR))
    expect(peer.app.calls('end')).toEqual([])
    expect(peer.client.capacity).toBe(0)
    peer.send(goaway(1, NO_ERROR))
    expect(peer.app.calls('end').map(({ stream }) => stream)).toEqual([3])
  })

  it('learns why a server breaks off', () => {
    const peer = client(1).send(goaway(0, ENHANCE_YOUR_CALM, 'too_many_pings'))
    expect(peer.app.calls('goaway')).toMatchObject([{ code: ENHANCE_YOUR_CALM, text: 'too_many_pings' }])
    expect(peer.app.calls('end', 1)[0]?.ended).toMatchObject({ unprocessed: true, remote: true })
  })

  it('answers PING of a server that leaves', () => {
    const peer = client(1).send(goaway(ALL, NO_ERROR), ping('leaving?'))
    expect(peer.judge.answers).toEqual(['leaving?'])
  })

  it('survives or refuses a GOAWAY that takes back an earlier one', () => {
    const peer = client(2).send(goaway(1, NO_ERROR), goaway(3, NO_ERROR))
    expect([undefined, PROTOCOL_ERROR]).toContain(peer.judge.goaways[0]?.code)
    expect(peer.app.calls('end', 3)).toHaveLength(1)
  })
})

describe('a server whose client leaves', () => {
  it('finishes what is under way', () => {
    const peer = server().send(headers(1, request()), goaway(0, NO_ERROR), content(1, 'x', { end: true }))
    expect(peer.judge.said(1)).toMatchObject({ body: 'ok', ended: true })
    expect(peer.judge.goaways.every(({ code }) => code === NO_ERROR)).toBe(true)
  })
})

describe.each(['server', 'client'] as const)('a %s that is cut off', (role) => {
  const busy = (): Peer => (role === 'server' ? server().send(headers(1, hold)) : client(1))

  it('ends its streams, and is over', () => {
    const peer = busy()
    peer.machine.receiveEnd(new Error('ECONNRESET'))
    expect(peer.app.calls('end', 1)[0]?.ended).toMatchObject({ remote: true, unprocessed: false, connection: true })
    expect(peer.app.calls('close')[0]?.text).toContain('ECONNRESET')
    isOver(peer)
  })

  it('calls it an error if streams were under way', () => {
    const peer = busy()
    peer.machine.receiveEnd()
    expect(peer.app.calls('end', 1)[0]?.ended).toMatchObject({ remote: true, unprocessed: false })
    isOver(peer)
  })

  it('is over in peace where nothing was under way', () => {
    const peer = role === 'server' ? server() : client(0)
    peer.machine.receiveEnd()
    expect(peer.app.calls('close')).toMatchObject([{ call: 'close' }])
    expect(peer.app.calls('close')[0]?.text).toBeUndefined()
    isOver(peer)
  })

  it('ends the connection when asked to, with a reason for the other side', () => {
    const peer = busy()
    peer.machine.abort(ENHANCE_YOUR_CALM, 'too_many_pings')
    expect(peer.take().judge.goaways).toEqual([
      { last: role === 'server' ? 1 : 0, code: ENHANCE_YOUR_CALM, debug: 'too_many_pings' },
    ])
    expect(peer.app.calls('end', 1)[0]?.ended).toMatchObject({ remote: false, code: ENHANCE_YOUR_CALM })
    isOver(peer)
  })

  it('takes the answer to its own PING, once, and to no other', () => {
    const peer = busy()
    const answered: string[] = []
    peer.machine.ping(() => answered.push('first'))
    peer.machine.ping(() => answered.push('second'))
    peer.take()
    const [first = '', second = ''] = peer.judge.questions.slice(-2)
    peer.send(ping('xxxxxxxx', true))
    expect(answered).toEqual([])
    peer.send(ping(first, true), ping(first, true))
    expect(answered).toEqual(['first'])
    peer.send(ping(second, true))
    expect(answered).toEqual(['first', 'second'])
    peer.machine.ping(() => answered.push('third'))
    peer.machine.abort(NO_ERROR, '')
    peer.take()
    expect(answered).toEqual(['first', 'second'])
  })
})
