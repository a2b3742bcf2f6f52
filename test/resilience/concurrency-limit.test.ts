import { describe, expect, it } from 'vitest'
import { ConcurrencyLimit } from '../../src/resilience/concurrency-limit.js'

describe('ConcurrencyLimit', () => {
  it('gives out as many slots as it has', () => {
    const limit = new ConcurrencyLimit({ concurrent: 2 })
    expect([limit.take(), limit.take(), limit.take()]).toEqual([true, true, false])
    limit.release()
    expect(limit.take()).toBe(true)
  })

  it('lets no more wait than its queue is long', () => {
    const limit = new ConcurrencyLimit({ concurrent: 1, queue: 1 })
    limit.take()
    expect(limit.wait(() => {})).toBeDefined()
    expect(limit.wait(() => {})).toBeUndefined()
  })

  it('hands slots over in the order of the queue, without freeing them in between', () => {
    const limit = new ConcurrencyLimit({ concurrent: 1, queue: 3 })
    limit.take()
    const order: number[] = []
    for (const n of [1, 2, 3]) limit.wait(() => order.push(n))
    limit.release()
    expect(order).toEqual([1])
    expect(limit.take()).toBe(false)
    limit.release()
    limit.release()
    expect(order).toEqual([1, 2, 3])
    limit.release()
    expect([limit.held, limit.waiting]).toEqual([0, 0])
  })

  it('passes over those who left, and tells them whether they held a slot', () => {
    const limit = new ConcurrencyLimit({ concurrent: 1, queue: 2 })
    limit.take()
    const granted: number[] = []
    const [first, second] = [1, 2].map((n) => limit.wait(() => granted.push(n)))
    expect(first?.()).toBe(true)
    limit.release()
    expect(second?.()).toBe(false)
    expect(granted).toEqual([2])
    limit.release()
    expect(limit.held).toBe(0)
  })

  it.each([[{ concurrent: 0 }], [{ concurrent: Number.NaN }], [{ queue: -1, concurrent: 1 }]])(
    'refuses %o by name',
    (options) => {
      expect(() => new ConcurrencyLimit(options)).toThrow(Object.keys(options)[0])
    },
  )
})
