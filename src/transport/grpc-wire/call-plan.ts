import type { Method } from '../../endpoint/method.js'
import type { Fields } from '../../http2/http2.js'
import { ENCODINGS } from './compression.js'
import { fieldBytes } from './frame/header-budget.js'
import { decodeWith, encodeWith } from './message-error.js'

/** As gRPC asks for: `grpc-`, the language, the implementation. What an application puts there does not go out. */
const USER_AGENT = 'grpc-node-tierkit'

/** What all calls of a channel share. */
export interface CallScope {
  /** `host:port`, as in the URL. */
  readonly authority: string
  readonly secure: boolean
  readonly maxReceiveBytes: number
  readonly maxSendBytes: number
  readonly gzip: boolean
}

/** What all calls of a method share. */
export class CallPlan {
  readonly scope: CallScope
  readonly method: Method
  /** What every request begins with. The same arrays each time: HTTP/2 encodes each once. */
  readonly headers: Fields
  /** Size of either, as HTTP/2 counts it, at most. */
  readonly headerBytes: number
  /** What requests begin with whose messages may be compressed. */
  readonly gzipHeaders: Fields

  constructor(scope: CallScope, method: Method) {
    this.scope = scope
    this.method = method
    const scheme = scope.secure ? 'https' : 'http'
    const target = [':method', 'POST', ':scheme', scheme, ':path', method.path, ':authority', scope.authority]
    const rest = ['te', 'trailers', 'content-type', 'application/grpc+proto', 'grpc-accept-encoding', ENCODINGS]
    rest.push('user-agent', USER_AGENT)
    this.headers = [...target, ...rest]
    this.gzipHeaders = [...target, ...rest, 'grpc-encoding', 'gzip']
    this.headerBytes = fieldBytes(this.gzipHeaders)
  }

  /** A request as it is sent; throws an `RpcError` if there is none. */
  encode(message: unknown): Uint8Array {
    return encodeWith(this.method.request, message, this.scope.maxSendBytes)
  }

  /** Reads a response; throws an `RpcError` if it is none. */
  decode(bytes: Uint8Array): unknown {
    return decodeWith(this.method.response, bytes)
  }
}
