import { random } from 'tierkit/balancer'
import { describe, expect, it } from 'vitest'
import { nodes, picked, seeded, tally } from './fixture.js'

describe('random', () => {
  it('picks in proportion to weight', () => {
    const balancer = random({ random: seeded(7) })
    balancer.update(nodes(500, 100, 100, 300))
    const counts = tally(picked(balancer, 20_000))
    expect(counts.n0! / 20_000).toBeCloseTo(0.5, 1)
    expect(counts.n1! / 20_000).toBeCloseTo(0.1, 1)
    expect(counts.n2! / 20_000).toBeCloseTo(0.1, 1)
    expect(counts.n3! / 20_000).toBeCloseTo(0.3, 1)
  })
})
