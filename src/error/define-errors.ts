import type { ErrorCode } from './code.js'
import { RpcError, type RpcErrorOptions } from './rpc-error.js'

/** What every error of one reason has. */
export interface ReasonSpec {
  readonly code: ErrorCode
  /** Text for callers that throwing may leave out; by default made of the reason: `order not found`. */
  readonly message?: string | undefined
  /** HTTP status where that of the code is not it, from 400 to 599: 422. It reaches callers over gRPC, too. */
  readonly httpStatus?: number | undefined
}

/** Reasons by name, in UPPER_SNAKE_CASE. */
export type ReasonSpecs = Readonly<Record<string, ReasonSpec>>

/** What an error of a reason carries beside that. */
export type ReasonOptions = Omit<RpcErrorOptions, 'reason' | 'domain'>

/** An error whose reason is known. */
export type ReasonedError<Reason extends string = string> = RpcError & { readonly reason: Reason }

/** A reason: makes its errors, and knows them again. */
export interface ErrorReason<Reason extends string = string> {
  /** Makes an error to throw. */
  (message?: string, options?: ReasonOptions): ReasonedError<Reason>
  /** True of an error that failed for this reason, here or on the other side of a call. */
  is(thrown: unknown): thrown is ReasonedError<Reason>
  readonly reason: Reason
  readonly code: ErrorCode
}

/** Reasons by name. */
export type ErrorReasons<S extends ReasonSpecs = ReasonSpecs> = {
  readonly [Reason in keyof S & string]: ErrorReason<Reason>
}

/** The fact in an error's metadata that names an HTTP status which no code has: `{ http_status: '422' }`. */
export const HTTP_STATUS_FACT = 'http_status'

// AIP-193.
const REASON = /^[A-Z][A-Z0-9_]{0,61}[A-Z0-9]$/

/**
 * Defines the reasons for which calls of a service fail, once, for those who throw and for those who catch:
 *
 * ```ts
 * const OrderErrors = defineErrors({
 *   domain: 'orders.example.com',
 *   reasons: { ORDER_NOT_FOUND: { code: Code.NOT_FOUND }, ORDER_INVALID: { code: Code.INVALID_ARGUMENT, httpStatus: 422 } },
 * })
 * throw OrderErrors.ORDER_NOT_FOUND('no such order', { metadata: { orderId } })
 * if (OrderErrors.ORDER_NOT_FOUND.is(error)) …
 * ```
 *
 * An error is known again by its reason, and by its domain if it came with one. Throws a `TypeError` for a reason that is
 * not in UPPER_SNAKE_CASE of 2 to 63 characters, and for a status that no error has.
 */
export function defineErrors<S extends ReasonSpecs>(errors: {
  /** Who defines the reasons: `orders.example.com`; a package in contracts. */
  readonly domain: string
  readonly reasons: S
}): ErrorReasons<S> {
  const { domain, reasons } = errors
  const made = Object.entries(reasons).map(([reason, spec]) => [reason, errorReason(reason, domain, spec)] as const)
  return Object.freeze(Object.fromEntries(made)) as ErrorReasons<S>
}

/** What is wrong with the name of a reason; `undefined` if nothing. */
export function reasonProblem(reason: string): string | undefined {
  return REASON.test(reason) ? undefined : `${JSON.stringify(reason)} is not a reason like ORDER_NOT_FOUND`
}

function errorReason(reason: string, domain: string, spec: ReasonSpec): ErrorReason {
  const { code, httpStatus, message: usual = reason.toLowerCase().replaceAll('_', ' ') } = spec
  const problem = reasonProblem(reason)
  if (problem !== undefined) throw new TypeError(problem)
  if (httpStatus !== undefined && !(Number.isInteger(httpStatus) && httpStatus >= 400 && httpStatus <= 599))
    throw new TypeError(`${reason} has the HTTP status ${httpStatus}: those of errors go from 400 to 599`)
  const facts = httpStatus === undefined ? {} : { [HTTP_STATUS_FACT]: String(httpStatus) }
  const make = (message = usual, options: ReasonOptions = {}): ReasonedError => {
    const metadata = { ...facts, ...options.metadata }
    return new RpcError(code, message, { ...options, reason, domain, metadata }) as ReasonedError
  }
  const is = (thrown: unknown): thrown is ReasonedError =>
    thrown instanceof RpcError && thrown.reason === reason && (thrown.domain ?? domain) === domain
  return Object.assign(make, { is, reason, code })
}
