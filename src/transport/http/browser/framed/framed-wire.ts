import type { HeaderList } from '../../error.js'
import type { MessageFormat } from '../message-format.js'
import type { Method, RpcError } from '../rpc.js'
import type { FrameReading } from './request-frames.js'

/** A protocol that has messages in frames, both ways, and the status in a last frame: what it says of one call. */
export interface FramedWire {
  readonly format: MessageFormat
  /** How requests are read; to be asked for once the call is accepted. */
  readonly reading: FrameReading
  /** Whether the response leaves as base64. */
  readonly writesText: boolean
  /** Whether messages may leave compressed with gzip. */
  readonly acceptsGzip: boolean
  /** Headers of the response that pages of other origins may read. */
  readonly exposed: readonly string[]
  /** Judges the head of the request: how long the caller waits, in ms. Throws for one that cannot be served. */
  accept(method: Method): number | undefined
  /** Headers of the response, without metadata. */
  head(mayCompress: boolean): HeaderList
  /** The last frame. */
  end(error: RpcError | undefined, trailers: HeaderList): Uint8Array
  /** The headers of a response that is nothing but its status, if the protocol has that and there is room. */
  statusOnly?(error: RpcError): HeaderList | undefined
  /** What is said of a request that is not one of the protocol, as JSON. */
  refusal(error: RpcError): string
}
