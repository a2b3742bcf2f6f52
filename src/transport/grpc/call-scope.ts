import type { Peer } from '../../endpoint/context-value.js'
import type { RpcError } from '../../error/rpc-error.js'
import type { Clock } from '../../resilience/clock.js'
import type { Roster } from '../../resilience/roster.js'

/** What all calls of a server share. */
export interface CallScope {
  readonly clock: Clock
  readonly maxReceiveBytes: number
  readonly maxSendBytes: number
  /** Whether responses are compressed for callers who accept that. */
  readonly gzip: boolean
}

/** A call that can be ended from outside. */
export interface RunningCall {
  cancel(reason: RpcError): void
}

/** What a call needs of its connection. */
export interface CallConnection {
  readonly scope: CallScope
  readonly peer: Peer
  /** Calls without a status. */
  readonly calls: Roster<RunningCall>
  /** How many bytes of fields the client takes in one header block. */
  readonly headerBudget: number
  /** Headers or content go out. */
  onSend(): void
}
