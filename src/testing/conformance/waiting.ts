import { type MethodKind, streamsResponses } from '../../endpoint/method.js'
import type { RpcError } from '../../error/rpc-error.js'
import { gate } from './check.js'
import { echo } from './echo.js'
import { Stage, type TransportUnderTest } from './stage.js'

/** A stage whose handler never ends by itself. */
export interface WaitingCall {
  readonly stage: Stage
  /** Resolves when the handler runs: with the time that its call has left, in ms. */
  readonly entered: Promise<number | undefined>
  /** Resolves when the handler is cancelled: with the reason. */
  readonly cancelled: Promise<RpcError>
}

/** Starts a server whose handler waits until it is cancelled. */
export async function waiting(transport: TransportUnderTest, kind: MethodKind): Promise<WaitingCall> {
  const entered = gate<number | undefined>()
  const cancelled = gate<RpcError>()
  const stage = await Stage.open(transport, kind, async function* (_, context) {
    context.onCancel(cancelled.open)
    if (streamsResponses(kind)) yield echo({ text: 'first' })
    entered.open(context.remainingMs())
    await new Promise(() => {})
  })
  return { stage, entered: entered.reached, cancelled: cancelled.reached }
}
