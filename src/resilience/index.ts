/** Algorithms of resilience, with time and chance given from outside: backoff, budgets, limits. @module */
export { Backoff, type BackoffOptions } from './backoff.js'
export { type CancelTimer, type Clock, type Random, systemClock } from './clock.js'
export { ConcurrencyLimit, type ConcurrencyLimitOptions } from './concurrency-limit.js'
export { LruMap, type LruMapOptions } from './lru-map.js'
export { RetryBudget, type RetryBudgetOptions } from './retry-budget.js'
export { sleep } from './sleep.js'
export { SlidingWindow, type SlidingWindowOptions } from './sliding-window.js'
export { TokenBucket, type TokenBucketOptions } from './token-bucket.js'
