import { type Balancer, type Pick, peakEwma } from 'tierkit/balancer'
import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { clientContext, failed, nodes, ok, pickFrom, seeded, tally } from './fixture.js'

/** A balancer under time that stands still unless it is moved. */
function balanced(count: number, seed: number) {
  const clock = createFakeClock(1_000_000)
  const balancer = peakEwma({ random: seeded(seed) })
  const all = nodes(...Array.from({ length: count }, () => 100))
  balancer.update(all)
  return { clock, balancer, all, context: clientContext(clock) }
}

/** Makes one call at a time until every node was measured: `latency` by node name. */
function measure(balancer: Balancer, context = clientContext(), latency: Record<string, number> = {}, count = 50) {
  return Array.from({ length: count }, () => {
    const pick = pickFrom(balancer, context)
    pick.done(ok(latency[pick.node.instance.id] ?? 1))
    return pick.node.instance.id
  })
}

describe('peakEwma', () => {
  it('turns from a node that became slow at its first slow answer', () => {
    const { balancer, context } = balanced(3, 1)
    measure(balancer, context)
    expect(tally(measure(balancer, context, { n1: 100 })).n1).toBe(1)
  })

  it('measures a new node before it gets a second call', () => {
    const { balancer, context, all } = balanced(2, 2)
    measure(balancer, context)
    balancer.update([...all, nodes(1, 1, 1)[2]!])
    const open: Pick[] = Array.from({ length: 20 }, () => pickFrom(balancer, context))
    expect(tally(open.map(({ node }) => node.instance.id)).n2).toBe(1)
  })

  it('counts calls in flight', () => {
    const { balancer, context } = balanced(2, 3)
    measure(balancer, context)
    const open = Array.from({ length: 20 }, () => pickFrom(balancer, context))
    const counts = tally(open.map(({ node }) => node.instance.id))
    expect(Math.abs(counts.n0! - counts.n1!)).toBeLessThanOrEqual(4)
  })

  it('is not drawn to a node that fails fast', () => {
    const { balancer, context } = balanced(3, 4)
    measure(balancer, context, {}, 30)
    const ids = Array.from({ length: 50 }, () => {
      const pick = pickFrom(balancer, context)
      const { id } = pick.node.instance
      pick.done(id === 'n2' ? failed(Code.UNAVAILABLE, 0.1) : ok(1))
      return id
    })
    expect(tally(ids).n2).toBe(1)
  })

  it.each([
    ['a cancelled call', failed(Code.CANCELLED, 5_000)],
    ['a call that the client got wrong', failed(Code.INVALID_ARGUMENT, 1)],
  ])('holds %s against nobody', (_what, outcome) => {
    const { balancer, context } = balanced(2, 5)
    measure(balancer, context)
    for (let n = 0; n < 20; n += 1) pickFrom(balancer, context).done(outcome)
    const counts = tally(measure(balancer, context, {}, 200))
    expect(Math.min(counts.n0!, counts.n1!)).toBeGreaterThan(60)
  })

  it('takes a passed deadline for the time that it took at least', () => {
    const { balancer, context } = balanced(2, 6)
    measure(balancer, context)
    const pick = pickFrom(balancer, context)
    pick.done(failed(Code.DEADLINE_EXCEEDED, 200))
    expect(tally(measure(balancer, context))[pick.node.instance.id] ?? 0).toBe(0)
  })

  it('does not take the life of a stream for latency', () => {
    const { balancer, context, clock } = balanced(2, 7)
    measure(balancer, context)
    const pick = pickFrom(balancer, clientContext(clock, 'server_stream'))
    pick.done(ok(3_600_000))
    expect(tally(measure(balancer, context))[pick.node.instance.id]).toBeGreaterThan(10)
  })

  it('tries a node that was passed over for a second with one call at a time', async () => {
    const { balancer, context, clock } = balanced(2, 8)
    measure(balancer, context, { n0: 1_000 })
    await clock.advance(700)
    expect(tally(measure(balancer, context, {}, 20)).n0).toBeUndefined()
    await clock.advance(700)
    const open = Array.from({ length: 20 }, () => {
      const pick = pickFrom(balancer, context)
      if (pick.node.instance.id === 'n1') pick.done(ok(1))
      return pick.node.instance.id
    })
    expect(tally(open).n0).toBe(1)
  })

  it('keeps its measures across changes of the set', () => {
    const { balancer, context, all } = balanced(3, 9)
    measure(balancer, context, { n0: 500 })
    balancer.update(all.slice(1))
    balancer.update([...all])
    expect(tally(measure(balancer, context)).n0).toBeUndefined()
  })
})

/** Plays calls against four nodes in fake time; returns each node's share of the picks, per window. */
function play(rps: number, windowsMs: readonly number[], latency: (id: string, at: number, chance: number) => number) {
  const chance = seeded(10)
  let now = 0
  const context = clientContext({ now: () => 1_000_000 + now, schedule: () => () => {} })
  const balancer = peakEwma({ random: chance })
  balancer.update(nodes(100, 100, 100, 100))
  let running: { at: number; end: () => void }[] = []
  return windowsMs.map((until) => {
    const ids: string[] = []
    for (; now < until; now += (-Math.log(1 - chance()) * 1_000) / rps) {
      for (const call of running.filter(({ at }) => at <= now)) call.end()
      running = running.filter(({ at }) => at > now)
      const pick = pickFrom(balancer, context)
      ids.push(pick.node.instance.id)
      const tookMs = latency(pick.node.instance.id, now, chance())
      running.push({ at: now + tookMs, end: () => pick.done(ok(tookMs)) })
    }
    return Object.fromEntries(Object.entries(tally(ids)).map(([id, count]) => [id, count / ids.length]))
  })
}

describe.each([
  ['even', (_chance: number) => 2],
  ['scattered', (chance: number) => 0.5 - 1.5 * Math.log(1 - chance)],
])('peakEwma over %s latency, when one of four nodes gets 100 ms slower,', (_name, usual) => {
  const slow = (id: string, at: number, chance: number): number =>
    usual(chance) + (id === 'n0' && at > 20_000 && at < 40_000 ? 100 : 0)

  it.each([50, 200, 1_000])('gives it 5 % at most within 5 s, and its share again 15 s after (%i calls/s)', (rps) => {
    const [, early, late, , after] = play(rps, [20_000, 25_000, 40_000, 55_000, 75_000], slow)
    expect(early!.n0).toBeLessThanOrEqual(0.05)
    expect(late!.n0).toBeLessThanOrEqual(0.05)
    for (const share of Object.values(after!)) expect(Math.abs(share - 0.25)).toBeLessThanOrEqual(0.05)
  })
})
