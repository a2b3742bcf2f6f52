import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import type { Http2Connection } from '../../../src/http2/http2.js'
import { FakeTimers } from '../peer/fake-timers.js'
import { joined, MAGIC, settings, settingsAck } from '../peer/frames.js'
import { newClient, newServer } from '../peer/machine.js'
import { Pair, responseFields } from './pair.js'

setFlagsFromString('--expose-gc')
const collect: () => void = runInNewContext('gc')

const CONNECTIONS = 2000
const MAX_BYTES = 4096

/** Bytes that one of many things takes, with the buffers that belong to it. */
function bytesOfOne<T>(make: () => T): number {
  const used = (): number => {
    collect()
    const { heapUsed, arrayBuffers } = process.memoryUsage()
    return heapUsed + arrayBuffers
  }
  const kept: T[] = Array.from({ length: 100 }, make)
  const before = used()
  while (kept.length < CONNECTIONS + 100) kept.push(make())
  return (used() - before) / CONNECTIONS
}

const timers = new FakeTimers()
const listener = { onOutput() {}, onClose() {} }

it.each<[string, () => Http2Connection, Uint8Array]>([
  ['server', () => newServer(listener, { timers }), joined([MAGIC, settings(), settingsAck()])],
  ['client', () => newClient(listener, { timers }), joined([settings(), settingsAck()])],
])('a connection of a %s that was greeted and has no streams costs next to nothing', (_, make, greeting) => {
  const bytes = bytesOfOne(() => {
    const machine = make()
    machine.takeOutput()
    machine.receive(greeting)
    machine.takeOutput()
    return machine
  })
  expect(bytes).toBeLessThan(MAX_BYTES)
})

it('a connection gives back the buffer of a burst when its last stream was over for a while', () => {
  const pair = new Pair()
  const content = new Uint8Array(500)
  pair.serverSide.serve = (_, stream) => {
    stream.sendHeaders(responseFields, undefined, false)
    stream.sendPrefixed(0, content, true)
  }
  /** Size of the buffer that a small answer is written to. */
  const buffer = (): number | undefined => {
    pair.ask()
    pair.move(pair.client, pair.server)
    return pair.server.takeOutput()[0]?.buffer.byteLength
  }
  for (let call = 0; call < 90; call += 1) pair.ask()
  pair.run()
  pair.timers.advance(9000)
  expect(buffer()).toBeGreaterThan(16_000)
  pair.timers.advance(10_000)
  expect(buffer()).toBeLessThan(2000)
})
