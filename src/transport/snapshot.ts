import type { MiddlewareSnapshot } from '../endpoint/middleware.js'
import type { ChannelState } from './channel-state.js'

/** What a server does at one moment. */
export interface ServerSnapshot {
  /** How many connections there are. */
  readonly connections: number
  /** Calls, and other requests, that run. */
  readonly openCalls: number
  /** How often a limit was breached since the server began to listen, by limit. */
  readonly breaches: Readonly<Record<string, number>>
  /** The oldest connections, at most a hundred. */
  readonly oldest: readonly ConnectionSnapshot[]
}

/** A connection of a server at one moment. */
export interface ConnectionSnapshot {
  /** `10.0.0.7:51234` */
  readonly peer: string
  readonly protocol: 'HTTP/1.1' | 'HTTP/2'
  readonly openCalls: number
  readonly ageMs: number
  readonly bytesRead: number
  readonly bytesWritten: number
}

/** What a channel to a service does at one moment. */
export interface ChannelSnapshot {
  readonly target: string
  readonly state: ChannelState
  /** Calls that wait for a connection. */
  readonly waiting: number
  /** Why instances cannot be found, or the last one could not be used. */
  readonly problem: string | undefined
  readonly nodes: readonly NodeSnapshot[]
  /** What the middleware of attempts does, as far as it can tell. */
  readonly attemptMiddleware: readonly MiddlewareSnapshot[]
}

/** An address of a service at one moment. */
export interface NodeSnapshot {
  readonly url: string
  /** Of the instance, as it is registered. */
  readonly id: string
  readonly version: string
  readonly weight: number
  /** `shutdown` where filters leave the instance out. */
  readonly state: ChannelState
  /** Attempts that run. */
  readonly inFlight: number
  /** Attempts that went there since the channel knows the address. */
  readonly picks: number
  /** The last attempt that failed before it was sent: when, and why. */
  readonly lastError: { readonly at: string; readonly text: string } | undefined
}

/** How many connections a snapshot shows. */
const MOST = 100

/** A snapshot of connections, of which those that came first are shown. */
export function serverSnapshot(
  connections: readonly ConnectionSnapshot[],
  breaches: ReadonlyMap<string, number> = new Map(),
): ServerSnapshot {
  return {
    connections: connections.length,
    openCalls: connections.reduce((sum, { openCalls }) => sum + openCalls, 0),
    breaches: Object.fromEntries(breaches),
    oldest: [...connections].sort((a, b) => b.ageMs - a.ageMs).slice(0, MOST),
  }
}
