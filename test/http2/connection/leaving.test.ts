import { describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import { type Arrived, Pair, responseFields } from './pair.js'

const answer = (arrived: Arrived | undefined): void => arrived?.stream?.sendHeaders(responseFields, undefined, true)

describe('a server that shuts down', () => {
  it('takes what the client sent before it knew, and closes when that is over', () => {
    const pair = new Pair()
    const early = pair.ask()
    pair.run()
    pair.server.shutDown('bye')
    const crossing = pair.ask()
    pair.move(pair.client, pair.server)
    expect(pair.serverSide.streams).toHaveLength(2)
    pair.run()
    expect(pair.clientSide.said).toContain('goaway 0 bye')
    expect(pair.client.capacity).toBe(0)
    answer(pair.serverSide.streams[0])
    pair.run()
    expect(pair.server.closed).toBe(false)
    answer(pair.serverSide.streams[1])
    pair.run()
    expect([early.complete, crossing.complete]).toEqual([true, true])
    expect(pair.serverSide.said.slice(-2)).toEqual(['idle', 'close'])
    expect(pair.clientSide.said.at(-1)).toBe('close')
    expect([pair.server.closed, pair.client.closed]).toEqual([true, true])
    expect(pair.timers.pending).toBe(0)
  })

  it('is left at once by a client that has nothing open', () => {
    const pair = new Pair()
    pair.run()
    pair.server.shutDown()
    expect(pair.server.closed).toBe(false)
    pair.run()
    expect(pair.client.closed).toBe(true)
    pair.server.receiveEnd()
    expect(pair.serverSide.said.at(-1)).toBe('close')
    expect(pair.timers.pending).toBe(0)
  })

  it('waits five seconds for the ping to come back, and no longer', () => {
    const pair = new Pair()
    pair.run()
    pair.server.shutDown()
    pair.timers.advance(4999)
    expect(pair.server.closed).toBe(false)
    pair.timers.advance(1)
    expect(pair.server.closed).toBe(true)
    expect(pair.serverSide.error).toBeUndefined()
  })

  it('passes over what comes behind its second GOAWAY, which the client may try elsewhere', () => {
    const pair = new Pair()
    const early = pair.ask()
    pair.run()
    pair.server.shutDown()
    pair.timers.advance(5000)
    const late = pair.ask(false)
    late.stream?.sendData(Buffer.from('late'), true)
    pair.move(pair.client, pair.server)
    expect(pair.serverSide.streams).toHaveLength(1)
    pair.run()
    expect(late.end).toMatchObject({ remote: true, unprocessed: true, connection: true })
    answer(pair.serverSide.streams[0])
    pair.run()
    expect(early.complete).toBe(true)
    expect(pair.server.closed).toBe(true)
  })
})

describe('a client that shuts down', () => {
  it('opens nothing more, and closes when its streams are over', () => {
    const pair = new Pair()
    const arrived = pair.ask()
    pair.client.shutDown()
    expect(pair.client.capacity).toBe(0)
    expect(() => pair.ask()).toThrow('no stream can be opened')
    pair.run()
    expect(pair.serverSide.said).toContain('goaway 0')
    answer(pair.serverSide.streams[0])
    pair.run()
    expect(arrived.complete).toBe(true)
    expect(pair.client.closed).toBe(true)
    expect(pair.clientSide.error).toBeUndefined()
  })
})

describe('a connection that is aborted', () => {
  it('tells every stream, then its listener, once', () => {
    const pair = new Pair()
    const arrived = pair.ask(false)
    pair.run()
    pair.server.abort(ErrorCode.ENHANCE_YOUR_CALM, 'too_many_pings')
    const end = { code: ErrorCode.ENHANCE_YOUR_CALM, remote: false, unprocessed: false, connection: true }
    expect(pair.serverSide.streams[0]?.end).toMatchObject(end)
    expect(pair.serverSide.error?.message).toBe('HTTP/2 ENHANCE_YOUR_CALM: too_many_pings')
    pair.server.abort(ErrorCode.CANCEL, 'again')
    pair.server.receiveEnd()
    pair.run()
    pair.client.receiveEnd()
    expect(pair.clientSide.said).toContain('goaway 11 too_many_pings')
    expect(arrived.end).toMatchObject({ code: ErrorCode.ENHANCE_YOUR_CALM, remote: true, connection: true })
    expect(arrived.end?.message).toContain('too_many_pings')
    expect(pair.serverSide.said.filter((one) => one.startsWith('close'))).toHaveLength(1)
    expect(pair.timers.pending).toBe(0)
  })

  it('takes and sends nothing any more', () => {
    const pair = new Pair()
    const arrived = pair.ask(false)
    pair.run()
    pair.client.abort(ErrorCode.CANCEL, '')
    expect(pair.client.takeOutput()).not.toEqual([])
    arrived.stream?.sendData(Buffer.from('late'), true)
    pair.client.ping(() => {})
    pair.client.receive(Buffer.from('nonsense'))
    pair.client.shutDown()
    expect(pair.client.takeOutput()).toEqual([])
  })

  it('in peace is no error', () => {
    const pair = new Pair()
    pair.server.abort(ErrorCode.NO_ERROR, 'max_age')
    expect(pair.serverSide.said.at(-1)).toBe('close')
  })
})

describe('a socket that ends', () => {
  it('ends the streams, which may have been processed', () => {
    const pair = new Pair()
    const arrived = pair.ask(false)
    pair.run()
    pair.client.receiveEnd(new Error('ECONNRESET'))
    expect(arrived.end).toMatchObject({ remote: true, unprocessed: false, connection: true })
    expect(pair.clientSide.error?.message).toBe('ECONNRESET')
  })

  it('leaves what was never sent unprocessed', () => {
    const pair = new Pair()
    const sent = pair.ask(false)
    pair.run()
    const waiting = pair.ask(false)
    pair.client.receiveEnd()
    expect([sent.end?.unprocessed, waiting.end?.unprocessed]).toEqual([false, true])
    expect(waiting.end).toMatchObject({ remote: true, connection: true })
  })

  it('is an error only where streams were open', () => {
    const idle = new Pair()
    idle.run()
    idle.client.receiveEnd()
    expect(idle.clientSide.said.at(-1)).toBe('close')
    const busy = new Pair()
    busy.ask()
    busy.client.receiveEnd()
    expect(busy.clientSide.said.at(-1)).toBe('close: the other side closed the connection')
  })
})

describe('pings', () => {
  it('come back, each to whoever sent it', () => {
    const pair = new Pair()
    const answered: number[] = []
    pair.client.ping(() => answered.push(1))
    pair.client.ping(() => answered.push(2))
    pair.server.ping(() => answered.push(3))
    expect(answered).toEqual([])
    pair.run()
    expect(answered.sort()).toEqual([1, 2, 3])
  })
})

describe('capacity', () => {
  it('is 100 until the server said what it takes, and then that', () => {
    const pair = new Pair({ server: { limits: { maxConcurrentStreams: 150 } } })
    expect(pair.client.capacity).toBe(100)
    pair.run()
    expect(pair.clientSide.said).toEqual(['ready', 'capacity'])
    expect(pair.client.capacity).toBe(150)
  })

  it('is told of when the first place is free again', () => {
    const pair = new Pair({ server: { limits: { maxConcurrentStreams: 2 } } })
    pair.run()
    const streams = [pair.ask(false), pair.ask(false)]
    pair.run()
    expect(pair.client.capacity).toBe(0)
    const before = pair.clientSide.said.length
    for (const { stream } of streams) stream?.reset(ErrorCode.CANCEL)
    expect(pair.clientSide.said.slice(before)).toEqual(['capacity', 'idle'])
  })
})
