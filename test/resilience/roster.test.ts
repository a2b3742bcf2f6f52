import { expect, it } from 'vitest'
import { Roster } from '../../src/resilience/roster.js'

it('holds its members in the order of their coming', () => {
  const roster = new Roster<string>()
  const [, b] = ['a', 'b', 'c'].map((name) => roster.add(name))
  if (b) roster.remove(b)
  roster.add('d')
  expect(roster.members()).toEqual(['a', 'c', 'd'])
  expect(roster.size).toBe(3)
})

it('lets a member go once, wherever it stands', () => {
  for (const index of [0, 1, 2]) {
    const roster = new Roster<number>()
    const places = [0, 1, 2].map((value) => roster.add(value))
    const place = places[index]
    expect([place && roster.remove(place), place && roster.remove(place)]).toEqual([true, false])
    expect(roster.members()).toEqual([0, 1, 2].filter((value) => value !== index))
  }
})

it('is as good as new when all have gone', () => {
  const roster = new Roster<string>()
  for (const name of ['a', 'b']) roster.remove(roster.add(name))
  roster.add('c')
  expect(roster.members()).toEqual(['c'])
})

it('holds on to nothing through the places of those that have gone', () => {
  const roster = new Roster<string>()
  const [a] = ['a', 'b'].map((name) => roster.add(name))
  if (a) roster.remove(a)
  expect(a).toEqual({ value: undefined, previous: undefined, next: undefined })
})
