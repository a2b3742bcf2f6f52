import type { Socket } from 'node:net'
import type { HeaderBlock, Http2Stream, StreamListener } from '../../../http2/http2.js'

/** A connection on which gRPC and other requests come side by side. */
export interface SharedConnection {
  readonly socket: Socket
  /** How many requests that are none of gRPC have come, the present one included. */
  readonly otherRequests: number
  /** To be called for whatever is sent: clients may ping as often as they are answered. */
  onSend(): void
  /** Asks the client to leave; the connection closes when its streams are over. */
  retire(): void
}

/** A request that is none of gRPC. */
export interface OtherRequest {
  readonly stream: Http2Stream
  readonly block: HeaderBlock
  /** True if nothing follows the headers. */
  readonly endStream: boolean
  readonly connection: SharedConnection
}

/** Takes requests that are none of gRPC; what follows on their streams goes to the result. */
export type Fallback = (request: OtherRequest) => StreamListener
