/** Middleware for servers and clients, for calls of all four kinds. @module */

export type { Violation } from '../codec/detail/bad-request.js'
export { type AuthenticateOptions, type Authenticator, authenticate } from './authenticate.js'
export { type AuthorizeOptions, authorize, type Needed } from './authorize.js'
export { bearer } from './bearer.js'
export { type BulkheadOptions, bulkhead } from './bulkhead.js'
export type { CircuitState } from './circuit-breaker/circuit.js'
export type { CircuitEvent } from './circuit-breaker/circuits.js'
export { type CircuitBreakerOptions, circuitBreaker } from './circuit-breaker.js'
export type { KeyOptions } from './jwt/key-source.js'
export { type JwtOptions, jwt } from './jwt.js'
export { type LoggingOptions, logging } from './logging.js'
export { type MetadataOptions, metadata } from './metadata.js'
export { type MetricsOptions, metrics } from './metrics.js'
export { type RateLimitOptions, rateLimit } from './rate-limit.js'
export { type RecoverOptions, recover } from './recover.js'
export type { RetryEvent } from './retry/retry-policy.js'
export { type RetryOptions, retry } from './retry.js'
export {
  type StandardClientOptions,
  type StandardOptions,
  type StandardServerOptions,
  type StandardSharedOptions,
  standard,
} from './standard.js'
export { type TimeoutOptions, timeout } from './timeout.js'
export { type TracingOptions, tracing } from './tracing.js'
export { invalidRequest } from './validate/bad-request.js'
export type { SchemaIssue, SchemaResult, StandardSchema } from './validate/standard-schema.js'
export { type ValidationRules, type Validator, type ValidatorFunction, type Violations, validate } from './validate.js'
export { type MethodMatch, when } from './when.js'
