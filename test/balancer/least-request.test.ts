import { leastRequest, type Pick } from 'tierkit/balancer'
import { describe, expect, it } from 'vitest'
import { clientContext, nodes, ok, picked, pickFrom, seeded, tally } from './fixture.js'

describe('leastRequest', () => {
  it('takes the one of two with fewer calls in flight', () => {
    const balancer = leastRequest({ random: seeded(1) })
    balancer.update(nodes(1, 1))
    const busy = pickFrom(balancer)
    const others = picked(balancer, 50)
    expect(others).not.toContain(busy.node.instance.id)
    busy.done(ok())
    expect(Object.keys(tally(picked(balancer, 50)))).toHaveLength(2)
  })

  it('counts a call as over once, however often it is told', () => {
    const balancer = leastRequest({ random: seeded(2) })
    balancer.update(nodes(1, 1))
    const [first, second] = [pickFrom(balancer), pickFrom(balancer)]
    expect(first!.node).not.toBe(second!.node)
    first!.done(ok())
    first!.done(ok())
    const third = pickFrom(balancer)
    expect(third.node).toBe(first!.node)
    // Were the first counted twice, its node would now look emptier than the other.
    expect(Object.keys(tally(picked(balancer, 50)))).toHaveLength(2)
  })

  it('loads nodes in proportion to their weight', () => {
    const balancer = leastRequest({ random: seeded(3) })
    balancer.update(nodes(300, 100))
    const open: Pick[] = Array.from({ length: 400 }, () => pickFrom(balancer))
    const counts = tally(open.map(({ node }) => node.instance.id))
    expect(Math.abs(counts.n0! - 300)).toBeLessThan(5)
  })

  it('shares by weight where nothing is in flight', () => {
    const balancer = leastRequest({ random: seeded(4) })
    balancer.update(nodes(300, 100))
    expect(tally(picked(balancer, 4_000)).n0! / 4_000).toBeCloseTo(0.75, 1)
  })

  it('keeps a slow node from piling up', () => {
    const balancer = leastRequest({ random: seeded(5) })
    balancer.update(nodes(1, 1, 1, 1))
    const stuck: Pick[] = []
    for (let n = 0; n < 400; n += 1) {
      const pick = pickFrom(balancer)
      if (pick.node.instance.id === 'n0') stuck.push(pick)
      else pick.done(ok())
    }
    expect(stuck.length).toBeLessThanOrEqual(2)
  })

  it('keeps counts across changes of the set', () => {
    const balancer = leastRequest({ random: seeded(6) })
    const all = nodes(1, 1, 1)
    balancer.update(all.slice(0, 1))
    const open = Array.from({ length: 5 }, () => pickFrom(balancer))
    balancer.update(all)
    expect(picked(balancer, 100)).not.toContain('n0')
    for (const pick of open) pick.done(ok())
    expect(picked(balancer, 100)).toContain('n0')
  })

  it('finds the least of all where it draws as many as there are', () => {
    const balancer = leastRequest({ choices: 100, random: seeded(7) })
    balancer.update(nodes(1, 1, 1))
    const open = Array.from({ length: 30 }, () => pickFrom(balancer, clientContext()))
    for (const count of Object.values(tally(open.map(({ node }) => node.instance.id)))) {
      expect(Math.abs(count - 10)).toBeLessThanOrEqual(1)
    }
  })

  it('refuses fewer than two choices', () => {
    expect(() => leastRequest({ choices: 1 })).toThrow('choices must be 2 to 10, not 1')
  })
})
