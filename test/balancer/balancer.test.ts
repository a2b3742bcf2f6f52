import { leastRequest, peakEwma, random, roundRobin, weightedRoundRobin } from 'tierkit/balancer'
import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { clientContext, failed, nodes, ok, picked, pickFrom, seeded, tally } from './fixture.js'

const balancers = { roundRobin, random, weightedRoundRobin, leastRequest, peakEwma }

describe.each(Object.entries(balancers))('%s, as every balancer,', (_name, create) => {
  const context = clientContext(createFakeClock(1_000_000))

  it('picks nothing while it has no nodes', () => {
    const balancer = create()
    expect(balancer.pick(context)).toBeUndefined()
    balancer.update(nodes(1))
    balancer.update([])
    expect(balancer.pick(context)).toBeUndefined()
  })

  it('picks the only node always', () => {
    const balancer = create({ random: seeded(1) })
    balancer.update(nodes(3))
    expect(tally(picked(balancer, 10, context))).toEqual({ n0: 10 })
  })

  it('returns the very node that it was given', () => {
    const balancer = create()
    const [only] = nodes(1)
    balancer.update([only!])
    expect(pickFrom(balancer, context).node).toBe(only)
  })

  it('reaches every node, and shares evenly among equals', () => {
    const balancer = create({ random: seeded(2) })
    balancer.update(nodes(100, 100, 100, 100))
    const counts = Object.values(tally(picked(balancer, 4_000, context)))
    expect(counts).toHaveLength(4)
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150)
  })

  it('never picks a node that is gone', () => {
    const balancer = create({ random: seeded(3) })
    const all = nodes(1, 2, 3, 4, 5)
    balancer.update(all)
    picked(balancer, 13, context)
    balancer.update(all.slice(1, 3))
    expect(Object.keys(tally(picked(balancer, 100, context))).sort()).toEqual(['n1', 'n2'])
  })

  it('takes done more than once, after an update, and for a node that is gone', () => {
    const balancer = create({ random: seeded(4) })
    const all = nodes(1, 1)
    balancer.update(all)
    const picks = [pickFrom(balancer, context), pickFrom(balancer, context), pickFrom(balancer, context)]
    balancer.update(all.slice(1))
    for (const pick of [...picks, ...picks]) pick.done(failed(Code.UNAVAILABLE))
    balancer.update(all)
    expect(Object.keys(tally(picked(balancer, 100, context))).length).toBeGreaterThan(0)
  })

  it('stays sound through random changes of the set', () => {
    const chance = seeded(5)
    const balancer = create({ random: chance })
    const all = nodes(1, 5, 0.5, 100, 7, 7, 1e7)
    for (let round = 0; round < 300; round += 1) {
      const present = all.filter(() => chance() < 0.5)
      balancer.update(present)
      for (let n = 0; n < 5; n += 1) {
        const pick = balancer.pick(context)
        expect(pick === undefined).toBe(present.length === 0)
        if (pick) expect(present).toContain(pick.node)
        if (chance() < 0.7) pick?.done(ok(chance() * 100))
      }
    }
  })
})
