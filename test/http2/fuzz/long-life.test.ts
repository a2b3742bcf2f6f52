import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import type { Http2Stream, StreamListener } from '../../../src/http2/http2.js'
import { FakeTimers } from '../peer/fake-timers.js'
import {
  content,
  headers,
  joined,
  MAGIC,
  ping,
  rstStream,
  settings,
  settingsAck,
  windowUpdate,
} from '../peer/frames.js'
import { indexing, literal, request, response } from '../peer/hpack-writer.js'
import { newClient, newServer } from '../peer/machine.js'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

/** Bytes on the heap that `round`, called so often, leaves behind after so many calls that it may settle. */
function left(rounds: number, round: (at: number) => void): number {
  const after = (from: number, to: number): number => {
    for (let at = from; at < to; at += 1) round(at)
    collect()
    return process.memoryUsage().heapUsed
  }
  const before = after(0, rounds / 2)
  return after(rounds / 2, rounds) - before
}

const listener: StreamListener = { onHeaders() {}, onData() {}, onTrailers() {}, onEnd() {}, onDrain() {} }
/** So much that no leak of a few bytes a stream would fit in. */
const MAX_LEFT = 2_000_000
const ROUNDS = 60_000

describe('a connection that lives long', () => {
  const ways: Record<string, (id: number) => Uint8Array[]> = {
    'requests that are answered': (id) => [headers(id, request(), { end: true })],
    'requests of ever new fields': (id) => [headers(id, request([`x-${id}`, `value ${id}`]), { end: true })],
    'requests that fill the table': (id) => [
      headers(id, [...request(), ...indexing(`x-${id}`, `${id}`)], { end: true }),
    ],
    'requests that are malformed': (id) => [
      headers(id, [...request(), ...literal('Upper', `${id}`)]),
      content(id, 'x'),
    ],
    'requests that are reset': (id) => [headers(id, request()), content(id, 'x'), rstStream(id, 8)],
    'streams that are left out': (id) => [headers(id * 30 + 1, request(), { end: true })],
    'frames of control': (id) => [ping(), settings(4, id), windowUpdate(0, 1)],
  }

  it.each(Object.entries(ways))('keeps nothing of %s', (_, way) => {
    const timers = new FakeTimers()
    const limits = { resetBurst: 1e9, idleFrameBurst: 1e9 }
    const answer = (stream: Http2Stream): StreamListener => {
      stream.sendHeaders([':status', '200'], ['x-id', String(stream.id)], true)
      return listener
    }
    const machine = newServer({ onStream: answer, onOutput() {}, onClose() {} }, { timers, limits })
    machine.receive(joined([MAGIC, settings(), settingsAck()]))
    const bytes = left(ROUNDS, (at) => {
      machine.receive(joined(way(2 * at + 1)))
      machine.takeOutput()
    })
    expect(machine.closed).toBe(false)
    expect(bytes).toBeLessThan(MAX_LEFT)
  })

  it('keeps nothing of what a client asked', () => {
    const machine = newClient({ onOutput() {}, onClose() {} }, { timers: new FakeTimers() })
    machine.receive(joined([settings(), settingsAck()]))
    const fields = [':method', 'POST', ':scheme', 'http', ':path', '/a', ':authority', 'test']
    const bytes = left(ROUNDS, (at) => {
      const { id } = machine.request(fields, ['x-at', String(at)], true, listener)
      machine.takeOutput()
      machine.receive(headers(id, response([`x-${at}`, String(at)]), { end: true }))
    })
    expect(machine.streamCount).toBe(0)
    expect(machine.closed).toBe(false)
    expect(bytes).toBeLessThan(MAX_LEFT)
  })
})
