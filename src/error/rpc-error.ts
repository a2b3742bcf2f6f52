import { Code, codeFrom, codeName, type ErrorCode } from './code.js'

/** A typed detail of an error as it travels: a `google.protobuf.Any`. */
export interface ErrorDetail {
  /** Full name of the message, without a URL prefix: `google.rpc.RetryInfo`. */
  readonly type: string
  /** The message in protobuf binary form. */
  readonly value: Uint8Array
}

/** What an error carries beside its code and message. */
export interface RpcErrorOptions {
  /** Machine-readable reason, UPPER_SNAKE_CASE, at most 63 characters (AIP-193): `ORDER_NOT_FOUND`. */
  readonly reason?: string | undefined
  /** Who defines the reason, usually the service's domain: `orders.example.com`. */
  readonly domain?: string | undefined
  /** Facts for programs, as strings: `{ orderId: '7' }`. Crosses the wire with the reason. */
  readonly metadata?: Readonly<Record<string, string>> | undefined
  /** Further google.rpc details. Cross the wire as they are. */
  readonly details?: readonly ErrorDetail[] | undefined
  /** What caused it. For logs on this side only: never on the wire. */
  readonly cause?: unknown
  /** What the caller must not read: for logs on this side only, never on the wire. */
  readonly internal?: string | undefined
  /** True if the request certainly never reached a handler, so that any call may be retried. Dropped at borders. */
  readonly neverSent?: boolean | undefined
}

const brand = Symbol.for('tierkit.RpcError')

/** Text that a caller gets when a handler fails with something that is not an `RpcError`. */
export const UNKNOWN_ERROR_MESSAGE = 'unknown error'

/**
 * The one error of tierkit: what a handler throws, what a caller catches, what crosses every border.
 *
 * ```ts
 * throw new RpcError(Code.NOT_FOUND, 'no such order', { reason: 'ORDER_NOT_FOUND', metadata: { orderId } })
 * ```
 *
 * Code, message, reason, domain, metadata and details reach the caller; `internal`, `cause` and the stack never do.
 *
 * It takes what code without types gives it, for an error must never be the cause of another: a code outside the closed
 * set is `UNKNOWN`, text is made of what is none, and a detail that is none is left out.
 */
export class RpcError extends Error {
  /** Status code, never `OK`. */
  readonly code: ErrorCode
  /** Message as given, without the code in front. */
  readonly rawMessage: string
  readonly reason: string | undefined
  readonly domain: string | undefined
  readonly metadata: Readonly<Record<string, string>>
  readonly details: readonly ErrorDetail[]
  /** What the caller must not read. Of this process only. */
  readonly internal: string | undefined
  /** True if the request certainly never reached a handler. A fact of this process only. */
  readonly neverSent: boolean
  /** Marks the class across copies of the package. */
  readonly [brand] = true

  constructor(code: ErrorCode, message: string, options: RpcErrorOptions = {}) {
    const known = errorCode(code)
    const rawMessage = text(message)
    super(`[${codeName(known)}] ${rawMessage}`, 'cause' in options ? { cause: options.cause } : undefined)
    const { reason, domain, metadata, details, internal } = options
    this.name = 'RpcError'
    this.code = known
    this.rawMessage = rawMessage
    this.reason = reason === undefined ? undefined : text(reason)
    this.domain = domain === undefined ? undefined : text(domain)
    this.metadata = metadata ? texts(metadata) : {}
    this.details = Array.isArray(details) ? details.filter(isDetail) : []
    this.internal = internal === undefined ? undefined : text(internal)
    this.neverSent = options.neverSent ?? false
  }

  /** True of an `RpcError` of any copy of the package. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    // biome-ignore lint/complexity/noThisInStatic: a subclass inherits this method and must not match its parent's errors
    if (this !== RpcError) return super[Symbol.hasInstance](value)
    return typeof value === 'object' && value !== null && read(() => brand in value) === true
  }

  /**
   * Makes an `RpcError` of anything that was thrown, itself if it is one.
   *
   * An `AbortError` is `CANCELLED`, a `TimeoutError` is `DEADLINE_EXCEEDED`; everything else is `UNKNOWN` with a fixed
   * text, so that no message or stack of a foreign error leaks. The original is kept as `cause`.
   */
  static from(thrown: unknown): RpcError {
    if (thrown instanceof RpcError) return thrown
    const name = read(() => (thrown as { name?: unknown }).name)
    if (name === 'AbortError') return new RpcError(Code.CANCELLED, 'the call was cancelled', { cause: thrown })
    if (name === 'TimeoutError') return new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed', { cause: thrown })
    return new RpcError(Code.UNKNOWN, UNKNOWN_ERROR_MESSAGE, { cause: thrown })
  }
}

function errorCode(code: unknown): ErrorCode {
  const known = codeFrom(code)
  return known === Code.OK ? Code.UNKNOWN : known
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : (read(() => String(value ?? '')) ?? '')
}

function texts(metadata: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> {
  const entries = Object.entries(metadata)
  if (entries.every(([, value]) => typeof value === 'string')) return metadata as Readonly<Record<string, string>>
  return Object.fromEntries(entries.map(([key, value]) => [key, text(value)]))
}

function isDetail(detail: Partial<ErrorDetail> | null | undefined): boolean {
  return typeof detail?.type === 'string' && detail.value instanceof Uint8Array
}

/** Looks at a value that may be anything, a proxy that throws among others. */
function read<T>(look: () => T): T | undefined {
  try {
    return look()
  } catch {
    return undefined
  }
}
