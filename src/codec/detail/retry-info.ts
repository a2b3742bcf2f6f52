import type { ErrorDetail, RpcError } from '../../error/rpc-error.js'
import type { MessageCodec } from '../message-codec.js'
import { bundledCodec } from '../protobuf/bundled/bundled-root.js'
import { durationFromMs, durationToMs } from '../time.js'
import type { Duration } from '../well-known.js'

const RETRY_INFO = 'google.rpc.RetryInfo'

const codec: MessageCodec<{ retryDelay?: Duration | undefined }> = bundledCodec(RETRY_INFO)

/** The `google.rpc.RetryInfo` that tells a caller to wait so long before it tries again, in ms. */
export function retryInfo(delayMs: number): ErrorDetail {
  return { type: RETRY_INFO, value: codec.encode({ retryDelay: durationFromMs(delayMs) }) }
}

/** How long an error's `google.rpc.RetryInfo` asks to wait, in ms; `undefined` if it has none that can be read. */
export function retryDelayMs({ details }: RpcError): number | undefined {
  const detail = details.find(({ type }) => type === RETRY_INFO)
  if (!detail) return undefined
  try {
    const { retryDelay } = codec.decode(detail.value)
    const delayMs = retryDelay && durationToMs(retryDelay)
    return delayMs !== undefined && delayMs >= 0 ? delayMs : undefined
  } catch {
    return undefined
  }
}
