import { RetryBudget, type RetryBudgetOptions } from '../../resilience/retry-budget.js'

/** A budget at one moment. */
export interface RetryBudgetSnapshot {
  /** Absent for a budget that all services share. */
  readonly service?: string
  readonly tokens: number
  readonly maxTokens: number
  /** Whether retries are made. */
  readonly allows: boolean
}

/** The budgets of a `retry`: one for each service, one for all, or none. */
export class RetryBudgets {
  readonly #options: RetryBudgetOptions | RetryBudget | false | undefined
  readonly #known = new Map<string, RetryBudget>()

  /** Throws `RangeError` for options that are out of their range. */
  constructor(options: RetryBudgetOptions | RetryBudget | false | undefined) {
    this.#options = options
    // Made once for nothing, so that wrong options are told of now.
    if (options !== false && !(options instanceof RetryBudget)) new RetryBudget(options)
  }

  /** The budget of a service; `undefined` for no limit. */
  of(service: string): RetryBudget | undefined {
    const options = this.#options
    if (options === false) return undefined
    if (options instanceof RetryBudget) return options
    const made = this.#known.get(service) ?? new RetryBudget(options)
    this.#known.set(service, made)
    return made
  }

  /** What is left of them now. */
  snapshot(): readonly RetryBudgetSnapshot[] {
    if (this.#options instanceof RetryBudget) return [left(this.#options)]
    return [...this.#known].map(([service, budget]) => ({ service, ...left(budget) }))
  }
}

function left({ tokens, maxTokens, allows }: RetryBudget): RetryBudgetSnapshot {
  return { tokens, maxTokens, allows }
}
