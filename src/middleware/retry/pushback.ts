import { retryDelayMs } from '../../codec/detail/retry-info.js'
import type { Context } from '../../endpoint/context.js'
import type { RpcError } from '../../error/rpc-error.js'

const TRAILER = 'grpc-retry-pushback-ms'
const MAX_MS = 2_147_483_647

/**
 * What the server says of retries: wait so many ms, `'never'`, or nothing. The trailer counts before the error's
 * `google.rpc.RetryInfo`; one that is negative or cannot be read asks not to retry.
 *
 * @see https://github.com/grpc/proposal/blob/master/A6-client-retries.md#pushback
 */
export function pushbackOf(error: RpcError, context: Context): number | 'never' | undefined {
  const text = context.hasResponseTrailers ? context.responseTrailers.get(TRAILER) : undefined
  if (text === undefined) return retryDelayMs(error)
  const delayMs = /^\d+$/.test(text) ? Number(text) : Number.NaN
  return delayMs <= MAX_MS ? delayMs : 'never'
}
