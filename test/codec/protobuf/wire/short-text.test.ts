import { describe, expect, it } from 'vitest'
import { codecOf } from '../../kinds.js'

const codec = codecOf<{ text: string }>('M', 'syntax = "proto3"; message M { string text = 1; }')
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function outcome(read: () => string): string | undefined {
  try {
    return read()
  } catch {
    return undefined
  }
}

function expectSame(bytes: readonly number[]): void {
  const message = new Uint8Array([10, bytes.length, ...bytes])
  const expected = outcome(() => strict.decode(new Uint8Array(bytes)))
  const actual = outcome(() => codec.decode(message).text)
  if (actual !== expected) expect({ bytes, text: actual }).toEqual({ bytes, text: expected })
}

// The first and last of each class of bytes that UTF-8 tells apart.
const edges = [0, 0x41, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xe1, 0xec, 0xed, 0xee]
edges.push(0xef, 0xf0, 0xf1, 0xf4, 0xf5, 0xff)

describe('short text', () => {
  it('is taken and refused as UTF-8 says, of one and two bytes', () => {
    for (let first = 0; first < 256; first++) {
      expectSame([first])
      for (let second = 0; second < 256; second++) expectSame([first, second])
    }
  })

  it('is taken and refused as UTF-8 says, of three and four bytes', () => {
    for (const first of edges)
      for (const second of edges)
        for (const third of edges) {
          expectSame([first, second, third])
          for (const fourth of [0x41, 0x80, 0xbf, 0xe2]) expectSame([first, second, third, fourth])
        }
  })

  it.each([0, 1, 2, 12, 39, 40, 41, 127, 128, 300])('is whole at %i characters, ASCII or not', (length) => {
    for (const character of ['a', 'é', '€', '\ufeff', '\ufffd']) {
      const text = character.repeat(length)
      expect(codec.decode(codec.encode({ text })).text).toBe(text)
    }
  })
})
