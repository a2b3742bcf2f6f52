import { describe, expect, it } from 'vitest'
import { parseQuery } from '../../../../src/transport/http/route/query.js'

describe('a query', () => {
  it.each([
    [
      'a=1&b=2',
      [
        ['a', '1'],
        ['b', '2'],
      ],
    ],
    [
      'a=1&a=2',
      [
        ['a', '1'],
        ['a', '2'],
      ],
    ],
    ['a', [['a', '']]],
    ['a=', [['a', '']]],
    ['a=b=c', [['a', 'b=c']]],
    ['&&a=1&', [['a', '1']]],
    ['a=%26%3D%20%C3%A9', [['a', '&= é']]],
    ['a=1+1', [['a', '1+1']]],
    ['x.y=1', [['x.y', '1']]],
    ['__proto__=1', [['__proto__', '1']]],
    ['', []],
  ])('%s is read', (query, expected) => expect(parseQuery(query, 100)).toEqual(expected))

  it.each([['a=%'], ['%zz=1'], ['a=%ff'], ['a=%C3']])('%s is refused', (query) => {
    expect(() => parseQuery(query, 100)).toThrow(/malformed percent escape/)
  })

  it('of more parameters than allowed is refused before any is decoded', () => {
    expect(() => parseQuery('a=%&b=1&c=2', 2)).toThrow(/3 parameters, more than 2/)
  })
})
