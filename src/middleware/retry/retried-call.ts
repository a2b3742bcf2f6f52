import type { Context } from '../../endpoint/context.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import { Metadata, type MetadataValue } from '../../endpoint/metadata.js'
import { RpcError } from '../../error/rpc-error.js'
import { sleep } from '../../resilience/sleep.js'
import { RetryPlan } from './retry-plan.js'
import type { RetryPolicy } from './retry-policy.js'

type MetadataCopy = readonly (readonly [key: string, values: readonly MetadataValue[]])[]

/** One call with its attempts. */
export class RetriedCall<Req, Res> {
  readonly #policy: RetryPolicy
  readonly #next: Endpoint<Req, Res>
  readonly #request: Req
  readonly #context: Context
  readonly #plan: RetryPlan
  // As it was before the first attempt: what one attempt adds must not go out with the next.
  readonly #metadata: MetadataCopy
  readonly #errors: RpcError[] = []
  /** The context of a second or later attempt. The first one needs none of its own. */
  #attempt: Context | undefined

  constructor(policy: RetryPolicy, next: Endpoint<Req, Res>, request: Req, context: Context) {
    this.#policy = policy
    this.#next = next
    this.#request = request
    this.#context = context
    this.#plan = new RetryPlan(policy)
    this.#metadata = copyOf(context.metadata)
  }

  /** Makes attempts until one gives a response; throws when there is no further one to make. */
  respond(): Promise<Res> {
    // Not `async`: most calls need one attempt, for which this is a promise instead of three.
    return this.#try().catch((thrown: unknown) => this.#again(thrown))
  }

  /** The call ended well. */
  succeeded(): void {
    this.#plan.succeeded()
    this.finish()
  }

  /** The call is over: the last attempt is released. */
  finish(): void {
    this.#attempt?.finish()
  }

  /** An attempt failed: resolves when the next one is to be made, or throws what the call fails with. */
  async failed(thrown: unknown): Promise<void> {
    const error = RpcError.from(thrown)
    const context = this.#context
    this.#errors.push(error)
    this.finish()
    const delayMs = context.cancelled ? undefined : this.#plan.delayMs(error, context)
    if (delayMs === undefined || delayMs >= (context.remainingMs() ?? Number.POSITIVE_INFINITY)) {
      throw this.#errors.length === 1 ? thrown : this.#final(error)
    }
    const { previous } = this.#plan
    this.#policy.onRetry?.({ context, error, delayMs, attempts: previous, transparent: RetryPlan.unsent(error) })
    if (delayMs > 0) await this.#wait(delayMs)
    this.#attempt = this.#nextAttempt()
  }

  #try(): Promise<Res> {
    try {
      return this.#next(this.#request, this.#attempt ?? this.#context)
    } catch (thrown) {
      return Promise.reject(thrown)
    }
  }

  async #again(thrown: unknown): Promise<Res> {
    for (let last = thrown; ; ) {
      await this.failed(last)
      try {
        return await this.#try()
      } catch (next) {
        last = next
      }
    }
  }

  async #wait(delayMs: number): Promise<void> {
    try {
      await sleep(delayMs, this.#context.signal, this.#context.clock)
    } catch (reason) {
      throw this.#final(RpcError.from(reason))
    }
  }

  #nextAttempt(): Context {
    const context = this.#context
    if (context.side === 'server') return context.derive({})
    // The caller shall see what the last attempt brought, and the next one which instance is picked for it.
    clear(context.hasResponseHeaders, () => context.responseHeaders)
    clear(context.hasResponseTrailers, () => context.responseTrailers)
    context.peer = undefined
    const metadata = new Metadata()
    for (const [key, values] of this.#metadata) metadata.set(key, ...values)
    const { previous } = this.#plan
    if (previous > 0) metadata.set('grpc-previous-rpc-attempts', String(previous))
    return context.derive({ metadata })
  }

  /** The error of the whole call: as the last one, with those of all attempts for logs. */
  #final(last: RpcError): RpcError {
    const { code, rawMessage, reason, domain, metadata, details } = last
    const cause = new AggregateError(this.#errors, `${this.#errors.length} attempts failed`)
    const neverSent = this.#errors.every((error) => error.neverSent)
    return new RpcError(code, rawMessage, { reason, domain, metadata, details, cause, neverSent })
  }
}

/** A copy to make metadata of when it is needed: most calls never need it. */
function copyOf(metadata: Metadata): MetadataCopy {
  return metadata.size === 0 ? [] : Array.from(metadata, ([key, values]) => [key, [...values]])
}

function clear(used: boolean, metadata: () => Metadata): void {
  if (used) for (const key of [...metadata().keys()]) metadata().delete(key)
}
