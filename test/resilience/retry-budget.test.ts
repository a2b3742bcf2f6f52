import { describe, expect, it } from 'vitest'
import { RetryBudget } from '../../src/resilience/retry-budget.js'

describe('RetryBudget', () => {
  it('allows retries while more than half of its tokens are left', () => {
    const budget = new RetryBudget({ maxTokens: 10 })
    const allowed = Array.from({ length: 6 }, () => {
      budget.failed()
      return budget.allows
    })
    expect(allowed).toEqual([true, true, true, true, false, false])
  })

  it('recovers by the ratio at each success, without rounding away', () => {
    const budget = new RetryBudget({ maxTokens: 10, tokenRatio: 0.1 })
    for (let n = 0; n < 5; n += 1) budget.failed()
    expect(budget.allows).toBe(false)
    budget.succeeded()
    expect(budget.tokens).toBe(5.1)
    expect(budget.allows).toBe(true)
  })

  it('never holds less than nothing, nor more than its fill', () => {
    const budget = new RetryBudget({ maxTokens: 2, tokenRatio: 0.5 })
    for (let n = 0; n < 9; n += 1) budget.failed()
    expect(budget.tokens).toBe(0)
    for (let n = 0; n < 9; n += 1) budget.succeeded()
    expect(budget.tokens).toBe(2)
  })

  it('counts the ratio to three decimals', () => {
    const budget = new RetryBudget({ maxTokens: 1, tokenRatio: 0.0016 })
    budget.failed()
    budget.succeeded()
    expect(budget.tokens).toBe(0.002)
  })

  it.each([[{ maxTokens: 0 }], [{ maxTokens: 1001 }], [{ tokenRatio: 0 }]])('refuses %o by name', (options) => {
    expect(() => new RetryBudget(options)).toThrow(Object.keys(options)[0])
  })
})
