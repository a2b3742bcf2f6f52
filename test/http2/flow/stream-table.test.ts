import { describe, expect, it } from 'vitest'
import { StreamTable } from '../../../src/http2/flow/stream-table.js'

/** Numbers that are the same each time: a linear congruential generator. */
function numbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state % below
  }
}

describe('StreamTable', () => {
  it('does what a map does, whatever comes and goes', () => {
    const next = numbers(7)
    const table = new StreamTable<string>()
    const map = new Map<number, string>()
    for (let step = 0; step < 20_000; step += 1) {
      // Ids in a row, some far apart, some of the other side.
      const id = [1 + 2 * next(40), 1 + 2 * next(2 ** 30), 2 + 2 * next(20)][next(3)] ?? 1
      if (map.has(id) || map.size > 60) {
        const gone = map.has(id) ? id : (map.keys().next().value ?? 0)
        table.delete(gone)
        map.delete(gone)
      } else {
        table.set(id, `stream ${id}`)
        map.set(id, `stream ${id}`)
      }
      expect(table.get(id)).toBe(map.get(id))
      expect(table.size).toBe(map.size)
    }
    expect(table.values().sort()).toEqual([...map.values()].sort())
    for (const [id, stream] of map) expect(table.get(id)).toBe(stream)
  })

  it('knows nothing while it is empty', () => {
    const table = new StreamTable<string>()
    table.delete(1)
    expect([table.get(1), table.size, table.values()]).toEqual([undefined, 0, []])
  })
})
