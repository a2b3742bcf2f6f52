import type { Http2Options } from '../../../src/http2/options.js'
import type { HeadersOptions } from '../peer/frames.js'
import { frame, headers } from '../peer/frames.js'
import { request, response } from '../peer/hpack-writer.js'
import type { Peer, Role } from '../peer/peer.js'

/** One reaction that the RFC allows. */
export type Reaction =
  /** The connection ends, with GOAWAY of one of these codes. */
  | { readonly kind: 'connection'; readonly codes: readonly number[] }
  /** The connection ends; nothing need be said. */
  | { readonly kind: 'closed' }
  /** The stream ends, with RST_STREAM of one of these codes; the connection lives. */
  | { readonly kind: 'stream'; readonly id: number; readonly codes: readonly number[] }
  /** Nothing is reset, and the connection lives. */
  | { readonly kind: 'alive' }
  /** The request on this stream is answered, or the response heard in full, and nothing is reset. */
  | { readonly kind: 'answered'; readonly id: number }

/** One requirement. */
export interface Requirement {
  readonly section: string
  readonly title: string
  readonly role: Role | 'both'
  /** What the other side sends once the connection is set up and, on a client, requests are under way. */
  readonly send: readonly Uint8Array[] | ((open: Open, role: Role) => readonly Uint8Array[])
  readonly expect: Reaction | readonly Reaction[]
  /** Anything else that must hold then. */
  readonly also?: (peer: Peer) => void
  /** Requests that a client has under way, none ended. 1. */
  readonly asked?: number
  /** True if nothing is said before `send`: no preface, no SETTINGS. */
  readonly bare?: boolean
  readonly options?: Partial<Http2Options>
}

/** Starts a request, or the response to one. */
export type Open = (id: number, options?: HeadersOptions) => Uint8Array

/** How the other side of a role starts to speak on a stream. */
export function openAs(role: Role): Open {
  return (id, options) => headers(id, role === 'server' ? request() : response(), options)
}

export function connection(...codes: readonly number[]): Reaction {
  return { kind: 'connection', codes }
}

export function stream(id: number, ...codes: readonly number[]): Reaction {
  return { kind: 'stream', id, codes }
}

export function answered(id: number): Reaction {
  return { kind: 'answered', id }
}

export const alive: Reaction = { kind: 'alive' }
export const closed: Reaction = { kind: 'closed' }

/** A frame of a type that no specification names. */
export function unknown(stream: number, body = 'what?', flags = 0): Uint8Array {
  return frame({ type: 0xbd, flags, stream }, body)
}

/** Throws if not so. */
export function must(right: boolean, wrong: string): void {
  if (!right) throw new Error(wrong)
}
