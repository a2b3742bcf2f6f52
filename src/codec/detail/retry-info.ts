import type { ErrorDetail, RpcError } from '../../error/rpc-error.js'
import { durationFromMs, durationToMs } from '../time.js'
import { RetryInfo } from './error-details.js'
import { findDetail, packDetail } from './pack-detail.js'

/** The `google.rpc.RetryInfo` that tells a caller to wait so long before it tries again, in ms. */
export function retryInfo(delayMs: number): ErrorDetail {
  return packDetail(RetryInfo, { retryDelay: durationFromMs(delayMs) })
}

/** How long an error's `google.rpc.RetryInfo` asks to wait, in ms; `undefined` if it has none that can be read. */
export function retryDelayMs(error: RpcError): number | undefined {
  const retryDelay = findDetail(error, RetryInfo)?.retryDelay
  const delayMs = retryDelay && durationToMs(retryDelay)
  return delayMs !== undefined && delayMs >= 0 ? delayMs : undefined
}
