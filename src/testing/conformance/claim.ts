import type { MethodKind } from '../../endpoint/method.js'
import type { TransportUnderTest } from './stage.js'

/** Shows that a claim holds for a kind of call, or rejects. */
export type RunClaim = (transport: TransportUnderTest, kind: MethodKind) => Promise<void>

/** A claim about some kinds of call. */
export interface LimitedClaim {
  readonly appliesTo: (kind: MethodKind) => boolean
  readonly run: RunClaim
}

/** Claims by the sentence that each makes. */
export type Claims = Readonly<Record<string, RunClaim | LimitedClaim>>

/** A claim that makes sense for some kinds of call only. */
export function only(appliesTo: (kind: MethodKind) => boolean, run: RunClaim): LimitedClaim {
  return { appliesTo, run }
}
