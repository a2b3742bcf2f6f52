import { describe, expect, it } from 'vitest'
import { LruMap } from '../../src/resilience/lru-map.js'

describe('LruMap', () => {
  it('makes a value once for each key', () => {
    const map = new LruMap<string, object>({ maxKeys: 2 })
    const value = map.getOrAdd('a', () => ({}))
    map.getOrAdd('b', () => ({}))
    expect(map.getOrAdd('a', () => ({}))).toBe(value)
  })

  it('lets go of what was used longest ago', () => {
    const gone: string[] = []
    const map = new LruMap<string, string>({ maxKeys: 2, evicted: (value) => gone.push(value) })
    for (const key of ['a', 'b', 'a', 'c', 'd']) map.getOrAdd(key, () => key.toUpperCase())
    expect(gone).toEqual(['B', 'A'])
    expect(map.size).toBe(2)
  })

  it('refuses to hold nothing', () => {
    expect(() => new LruMap({ maxKeys: 0 })).toThrow(/maxKeys/)
  })
})
