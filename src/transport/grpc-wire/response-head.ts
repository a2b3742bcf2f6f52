import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { Fields, HeaderBlock } from '../../http2/http2.js'
import { isReadable } from './compression.js'
import { findField, isCarried } from './fields.js'
import { isGrpcContent } from './frame/content-type.js'
import { httpError } from './http-error.js'
import { decodeMessage, errorOf, readCode } from './status.js'

/** What a client makes of a header block: of headers, of trailers, or of headers that are both. */
export class ResponseHead {
  readonly fields: Fields
  /** HTTP status; empty in trailers. */
  readonly httpStatus: string
  /** What messages may be compressed with. */
  readonly encoding: string | undefined
  /** Whether the application's metadata is among the fields. */
  readonly hasMetadata: boolean
  /** True if the call ended well. */
  readonly isOk: boolean
  readonly #status: string | undefined

  private constructor(fields: Fields) {
    const encoding = findField(fields, 'grpc-encoding')
    this.fields = fields
    this.httpStatus = findField(fields, ':status') ?? ''
    this.encoding = encoding === 'identity' ? undefined : encoding
    this.hasMetadata = fields.some((name, at) => at % 2 === 0 && isCarried(name))
    this.#status = findField(fields, 'grpc-status')
    this.isOk = this.#status === '0'
  }

  /** What the block says; found out once for blocks that repeat. */
  static of(block: HeaderBlock): ResponseHead {
    if (block.memo instanceof ResponseHead) return block.memo
    const head = new ResponseHead(block.fields)
    block.memo = head
    return head
  }

  /** Why no response can be read after these headers. */
  refusal(): RpcError | undefined {
    const { fields, httpStatus, encoding } = this
    const contentType = findField(fields, 'content-type') ?? ''
    if (this.#status !== undefined) return this.error(false)
    if (httpStatus !== '200' || !isGrpcContent(contentType)) return httpError(httpStatus, contentType)
    if (encoding === undefined || isReadable(encoding)) return undefined
    return new RpcError(Code.INTERNAL, `messages in the encoding ${encoding} cannot be read`)
  }

  /** The error of the status in these fields; `undefined` if it is `OK`. Without a status it is what HTTP makes of it. */
  error(sawHeaders: boolean): RpcError | undefined {
    const { fields } = this
    if (this.#status === undefined) {
      if (sawHeaders) return new RpcError(Code.UNKNOWN, 'the response ended without a gRPC status')
      return httpError(this.httpStatus, findField(fields, 'content-type') ?? '')
    }
    return errorOf({
      code: readCode(this.#status),
      message: decodeMessage(findField(fields, 'grpc-message') ?? ''),
      details: findField(fields, 'grpc-status-details-bin'),
      neverSent: false,
    })
  }
}
