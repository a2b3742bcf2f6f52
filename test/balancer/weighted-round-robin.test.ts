import { weightedRoundRobin } from 'tierkit/balancer'
import { describe, expect, it } from 'vitest'
import { nodes, picked, seeded, tally } from './fixture.js'

describe('weightedRoundRobin', () => {
  it.each([1, 2, 3, 4, 5])('picks 5, 1 and 1 in any 7 picks in a row of weights 5:1:1 (run %i)', (seed) => {
    const balancer = weightedRoundRobin({ random: seeded(seed) })
    balancer.update(nodes(5, 1, 1))
    const ids = picked(balancer, 707)
    for (let n = 0; n + 7 <= ids.length; n += 1) expect(tally(ids.slice(n, n + 7))).toEqual({ n0: 5, n1: 1, n2: 1 })
  })

  it('is as exact for multiples of the same weights', () => {
    const balancer = weightedRoundRobin({ random: seeded(6) })
    balancer.update(nodes(500, 100, 100))
    const ids = picked(balancer, 7_000)
    for (let n = 0; n + 7 <= ids.length; n += 1) expect(tally(ids.slice(n, n + 7))).toEqual({ n0: 5, n1: 1, n2: 1 })
  })

  it('is exact over a round for any weights, wherever the round begins', () => {
    const chance = seeded(7)
    for (let run = 0; run < 50; run += 1) {
      const weights = Array.from({ length: 1 + Math.floor(chance() * 8) }, () => 1 + Math.floor(chance() * 30))
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      const balancer = weightedRoundRobin({ random: chance })
      balancer.update(nodes(...weights))
      const ids = picked(balancer, 2 * total)
      const expected = Object.fromEntries(weights.map((weight, index) => [`n${index}`, weight]))
      for (let n = 0; n <= total; n += 7) expect(tally(ids.slice(n, n + total))).toEqual(expected)
    }
  })

  it('spreads a heavy node rather than picking it in one go', () => {
    const balancer = weightedRoundRobin({ random: seeded(8) })
    balancer.update(nodes(3, 3, 3, 1))
    expect(picked(balancer, 60).join(' ')).not.toMatch(/(n\d) \1 \1/)
  })

  it('takes weights that are no whole numbers', () => {
    const balancer = weightedRoundRobin({ random: seeded(9) })
    balancer.update(nodes(0.5, 1.5))
    const counts = tally(picked(balancer, 4_000))
    expect(Math.abs(counts.n0! - 1_000)).toBeLessThanOrEqual(1)
  })

  it('goes round all equals, however often the set is told anew', () => {
    const balancer = weightedRoundRobin({ random: seeded(10) })
    const all = nodes(100, 100, 100, 100, 100)
    const ids = Array.from({ length: 100 }, () => {
      balancer.update(all)
      return picked(balancer, 1)[0]!
    })
    expect(tally(ids)).toEqual({ n0: 20, n1: 20, n2: 20, n3: 20, n4: 20 })
  })

  it('gives a node that joins late no turns for the past', () => {
    const balancer = weightedRoundRobin({ random: seeded(11) })
    const [n0, n1] = nodes(10, 10)
    balancer.update([n0!])
    picked(balancer, 1_000)
    balancer.update([n0!, n1!])
    const counts = tally(picked(balancer, 20))
    expect(Math.abs(counts.n1! - 10)).toBeLessThanOrEqual(1)
  })

  it('follows a weight that changes', () => {
    const balancer = weightedRoundRobin({ random: seeded(12) })
    const [n0, n1] = nodes(1, 1)
    balancer.update([n0!, n1!])
    picked(balancer, 5)
    const heavier = Object.assign(n0!, { weight: 3 })
    balancer.update([heavier, n1!])
    const counts = tally(picked(balancer, 400))
    expect(Math.abs(counts.n0! - 300)).toBeLessThanOrEqual(2)
  })
})
