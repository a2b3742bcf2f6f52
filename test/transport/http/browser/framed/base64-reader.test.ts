import { expect, it } from 'vitest'
import { Base64Reader } from '../../../../../src/transport/http/browser/framed/base64-reader.js'

/** Numbers below `most` that are the same in each run. */
function numbers(seed: number): (most: number) => number {
  let state = seed
  return (most) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * most)
  }
}

it('reads base64 wherever its writer padded it, and wherever it is cut', () => {
  const next = numbers(7)
  for (let round = 0; round < 500; round += 1) {
    const bytes = Buffer.from(Array.from({ length: next(60) }, () => next(256)))
    let text = ''
    for (let at = 0; at < bytes.length; ) {
      const end = at + 1 + next(9)
      text += bytes.subarray(at, end).toString('base64')
      at = end
    }
    const reader = new Base64Reader()
    const read: Buffer[] = []
    for (let at = 0; at < text.length; ) {
      const end = at + 1 + next(7)
      const piece = reader.read(Buffer.from(text.slice(at, end)))
      if (!piece) throw new Error(`${text} is base64`)
      read.push(piece)
      at = end
    }
    expect(Buffer.concat(read).equals(bytes), text).toBe(true)
    expect(reader.atBoundary).toBe(true)
  }
})

it.each(['A===', '=AAA', 'AA=A', 'AAA=A===', 'A A=', 'AAAA=AAA', 'AA-_', 'AAA\n', 'A=A='])(
  '%j is not base64',
  (text) => {
    expect(new Base64Reader().read(Buffer.from(text))).toBeUndefined()
  },
)

it.each(['A', 'AA', 'AAA', 'AAAAA'])('%j is not the end of base64', (text) => {
  const reader = new Base64Reader()
  expect(reader.read(Buffer.from(text))?.length).toBe(text.length > 4 ? 3 : 0)
  expect(reader.atBoundary).toBe(false)
})
