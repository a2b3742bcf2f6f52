import { expect, it } from 'vitest'
import type { Http2Stream } from '../../../src/http2/http2.js'
import { writeFrame } from '../../../src/transport/grpc-wire/frame/frame-reader.js'
import { MessageReader } from '../../../src/transport/grpc-wire/message-reader.js'

const MANY = 5000

function start() {
  const seen = { messages: [] as number[], faults: 0, ends: 0, consumed: 0 }
  const consume = (bytes: number) => {
    seen.consumed += bytes
  }
  const reader = new MessageReader(
    { consume } as Http2Stream,
    { maxBytes: 100, encoding: undefined },
    {
      onMessage: (bytes) => seen.messages.push((bytes[0] ?? 0) * 256 + (bytes[1] ?? 0)),
      onMessagesEnd: () => {
        seen.ends += 1
      },
      onMessageFault: () => {
        seen.faults += 1
      },
    },
  )
  return { reader, seen }
}

const numbers = Array.from({ length: MANY }, (_, n) => n)
const content = Buffer.concat(
  numbers.map((n) => writeFrame({ compressed: false, bytes: Uint8Array.of(n >> 8, n & 255) })),
)

it('reads only a few messages ahead: what is wrong behind many is found when those were asked for', () => {
  const { reader, seen } = start()
  reader.take(Buffer.concat([content, Buffer.of(9)]), false)
  expect(seen).toEqual({ messages: [], faults: 0, ends: 0, consumed: 0 })
  for (let n = 0; n <= MANY; n += 1) reader.read()
  expect(seen).toMatchObject({ messages: numbers, faults: 1, consumed: content.length + 1 })
})

it('gives the window back message by message, and ends behind the last', () => {
  const { reader, seen } = start()
  for (let at = 0; at < content.length; at += 1000) reader.take(content.subarray(at, at + 1000), false)
  reader.end()
  for (let n = 1; n <= MANY; n += 1) {
    reader.read()
    if (seen.consumed !== n * 7) throw new Error(`${seen.consumed} bytes given back after ${n} messages`)
  }
  expect(seen).toMatchObject({ messages: numbers, faults: 0, ends: 0 })
  reader.read()
  expect(seen.ends).toBe(1)
})
