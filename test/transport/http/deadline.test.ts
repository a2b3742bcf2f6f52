import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { formatTimeout, parseTimeout } from '../../../src/transport/http/deadline.js'

describe('a time-out', () => {
  it.each([
    ['1H', 3_600_000],
    ['2M', 120_000],
    ['3S', 3000],
    ['4m', 4],
    ['5000u', 5],
    ['6000000n', 6],
    ['0S', 0],
    ['99999999S', 99_999_999_000],
  ])('%s is %d ms', (header, ms) => expect(parseTimeout(header)).toBeCloseTo(ms))

  it.each([
    [''],
    ['1'],
    ['S'],
    ['1s'],
    ['-1S'],
    ['1.5S'],
    ['1 S'],
    [' 1S'],
    ['123456789m'],
    ['xx1Syy'],
    ['1S,2S'],
    ['+1S'],
  ])('%j is refused', (header) => {
    expect(() => parseTimeout(header)).toThrow(expect.objectContaining({ code: Code.INVALID_ARGUMENT }))
  })

  it.each([
    [0.2, '1m'],
    [250, '250m'],
    [250.1, '251m'],
    [99_999_999, '99999999m'],
    [100_000_000, '100000S'],
    [60 * 86_400_000, '5184000S'],
    [1e12, '16666667M'],
    [1e16, '99999999H'],
  ])('%d ms is written as %s', (ms, header) => expect(formatTimeout(ms)).toBe(header))
})
