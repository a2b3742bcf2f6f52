import { byVersion, byZone, type NodeFilter, where } from 'tierkit/balancer'
import { describe, expect, it } from 'vitest'
import { node } from '../fixture.js'

const kept = (filter: NodeFilter, ...facts: { version?: string; zone?: string }[]): number[] => {
  const all = facts.map((fact, index) => node(String(index), fact))
  return filter(all).map((each) => all.indexOf(each))
}

describe('byVersion', () => {
  it.each([
    ['1.2.3', ['1.2.3', 'v1.2.3', '1.2.3+build'], ['1.2.4', '1.2.3-rc.1', '']],
    ['1.2', ['1.2.0', '1.2.9'], ['1.3.0', '1.1.9']],
    ['1.x', ['1.0.0', '1.9.9'], ['2.0.0', '0.9.0']],
    ['*', ['0.0.0', '9.9.9'], ['canary', '1.0.0-rc.1']],
    ['^1.2.0', ['1.2.0', '1.9.0'], ['1.1.9', '2.0.0']],
    ['^0.2.3', ['0.2.3', '0.2.9'], ['0.3.0', '0.2.2']],
    ['^0.0.3', ['0.0.3'], ['0.0.4', '0.1.0']],
    ['^0', ['0.0.0', '0.9.0'], ['1.0.0']],
    ['~1.2.3', ['1.2.3', '1.2.9'], ['1.3.0', '1.2.2']],
    ['~1', ['1.0.0', '1.9.0'], ['2.0.0']],
    ['>=1.4 <2', ['1.4.0', '1.99.0'], ['1.3.9', '2.0.0']],
    ['>= 1.4', ['1.4.0', '7.0.0'], ['1.3.9']],
    ['>1.4 <=1.6', ['1.5.0', '1.6.9'], ['1.4.9', '1.7.0']],
    ['1.x || 3.x', ['1.0.0', '3.1.0'], ['2.0.0']],
    ['2.0.0-rc.1', ['2.0.0-rc.1'], ['2.0.0', '2.0.0-rc.2']],
  ])('reads %s', (range, inside, outside) => {
    const facts = [...inside, ...outside].map((version) => ({ version }))
    expect(kept(byVersion(range), ...facts)).toEqual(inside.map((_, index) => index))
  })

  it('compares a list letter by letter', () => {
    const facts = ['1.4.0', 'canary', '1.4.1'].map((version) => ({ version }))
    expect(kept(byVersion(['1.4.0', 'canary']), ...facts)).toEqual([0, 1])
  })

  it('says what it cannot read', () => {
    expect(() => byVersion('newest')).toThrow("'newest' is not a range of versions: cannot read 'newest'")
    expect(() => byVersion('>=1.0.0-rc.1')).toThrow('must name a pre-release exactly')
  })
})

describe('byZone', () => {
  it('keeps the nodes of its zone', () => {
    expect(kept(byZone('a'), { zone: 'a' }, { zone: 'b' }, {}, { zone: 'a' })).toEqual([0, 3])
  })

  it('keeps all where the zone has nobody, unless told not to', () => {
    expect(kept(byZone('c'), { zone: 'a' }, {})).toEqual([0, 1])
    expect(kept(byZone('c', { fallback: false }), { zone: 'a' }, {})).toEqual([])
  })
})

describe('where', () => {
  it('keeps what the predicate holds of', () => {
    expect(
      kept(
        where(({ instance }) => instance.id !== '1'),
        {},
        {},
        {},
      ),
    ).toEqual([0, 2])
  })
})
