import type { Context } from '../../endpoint/context.js'
import type { Code } from '../../error/code.js'
import type { RpcError } from '../../error/rpc-error.js'
import type { Backoff } from '../../resilience/backoff.js'
import type { RetryBudget } from '../../resilience/retry-budget.js'

/** A retry that is about to be made. */
export interface RetryEvent {
  /** The call, not the attempt. */
  readonly context: Context
  /** What the last attempt failed with. */
  readonly error: RpcError
  /** How long the call waits before the next attempt, in ms. */
  readonly delayMs: number
  /** Attempts made so far, those that were never sent left out. */
  readonly attempts: number
  /** True if the last attempt was never sent, so that this retry counts for nothing. */
  readonly transparent: boolean
}

/** What holds for all calls of a method. */
export interface RetryPolicy {
  /** Most attempts, the first included. */
  readonly attempts: number
  readonly codes: ReadonlySet<Code>
  /** Whether a call may be made again after it may have reached a handler. */
  readonly idempotent: boolean
  readonly backoff: Backoff
  readonly budget: RetryBudget | undefined
  readonly onRetry: ((event: RetryEvent) => void) | undefined
}
