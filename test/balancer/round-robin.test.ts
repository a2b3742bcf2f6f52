import { roundRobin } from 'tierkit/balancer'
import { describe, expect, it } from 'vitest'
import { nodes, picked, seeded, tally } from './fixture.js'

describe('roundRobin', () => {
  it('differs by at most one between nodes, after any number of picks', () => {
    const balancer = roundRobin({ random: seeded(1) })
    balancer.update(nodes(1, 50, 100, 3, 9, 2, 7))
    const ids: string[] = []
    for (let n = 0; n < 100; n += 1) {
      ids.push(...picked(balancer, 1))
      const counts = ['n0', 'n1', 'n2', 'n3', 'n4', 'n5', 'n6'].map((id) => tally(ids)[id] ?? 0)
      expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
    }
  })

  it('begins anywhere, as chance has it', () => {
    const first = (chance: number): string | undefined => {
      const balancer = roundRobin({ random: () => chance })
      balancer.update(nodes(1, 1, 1, 1))
      return picked(balancer, 1)[0]
    }
    expect([0, 0.3, 0.5, 0.999].map(first)).toEqual(['n0', 'n1', 'n2', 'n3'])
  })

  it('goes on where it was when the set changes', () => {
    const balancer = roundRobin({ random: () => 0 })
    const [n0, n1, n2, n3] = nodes(1, 1, 1, 1)
    balancer.update([n0!, n1!, n2!])
    expect(picked(balancer, 1)).toEqual(['n0'])
    balancer.update([n3!, n0!, n2!])
    expect(picked(balancer, 4)).toEqual(['n2', 'n3', 'n0', 'n2'])
  })
})
