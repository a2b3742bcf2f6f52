import { type Context, type JsonValue, textOfJson } from '../../kernel.js'
import { type HeaderList, notAcceptable } from '../error.js'
import { type EnvelopeOptions, type ErrorBodyWriter, type ErrorShape, ErrorStyle } from '../error-body/error-body.js'
import type { RawPlace } from '../raw/raw-place.js'
import type { HttpResponse } from '../serve/http-message.js'
import { JSON_TYPE, PROTOBUF_TYPES } from '../wire/media-type.js'
import { Compression, type CompressionOptions } from './compression.js'
import { httpReplyKey, isBodiless, replyHeaders } from './http-reply.js'
import { replyType, type Wish, wantsJson } from './reply-type.js'

/** How a server writes what it answers. */
export interface ReplyOptions {
  /** How errors look: a shape that is known, or what writes their body. `status`, a `google.rpc.Status`, by default. */
  readonly errorBody?: ErrorShape | ErrorBodyWriter | undefined
  /** Puts what is sent in JSON into an envelope. */
  readonly envelope?: EnvelopeOptions | undefined
  /** Compresses responses for clients that accept it; off by default. Streams are not compressed. */
  readonly compression?: boolean | CompressionOptions | undefined
  /** What unary bodies may be in, both ways; `json` and `protobuf` by default. JSON is always understood. */
  readonly formats?: readonly ('json' | 'protobuf')[] | undefined
  /** What a client gets that accepts nothing of what there is: JSON all the same, by default, or 406. */
  readonly notAcceptable?: 'json' | 'reject' | undefined
}

/** What an answer needs to know of its route. */
export interface ReplyRoute {
  /** Where the response has a `google.api.HttpBody`, if it has one. */
  readonly raw: RawPlace | undefined
  /** Status of success. */
  readonly status: number
  /** Writes the response in protobuf; absent where the body is only a part of it. */
  readonly toProtobuf: ((message: unknown) => Uint8Array) | undefined
  toJson(message: unknown): JsonValue
  toText(message: unknown): string
}

/** An answer, complete but for metadata. */
export interface Answer {
  readonly status: number
  readonly headers: HeaderList
  readonly type: string
  /** `undefined` for a status that has none. */
  readonly body: string | Uint8Array | undefined
}

const NO_HEADERS: HeaderList = []

/** Makes answers of what handlers return. */
export class Replies {
  readonly errors: ErrorStyle
  readonly compression: Compression | undefined
  /** Whether unary bodies may be in protobuf. */
  readonly hasProtobuf: boolean
  readonly #wrap: EnvelopeOptions['success']
  readonly #isStrict: boolean

  /** Throws for a shape of errors, or an encoding, that is not known. */
  constructor({ errorBody, envelope, compression, formats, notAcceptable }: ReplyOptions) {
    this.errors = new ErrorStyle(errorBody, envelope?.error)
    this.compression = compression ? new Compression(compression === true ? {} : compression) : undefined
    this.hasProtobuf = formats === undefined || formats.includes('protobuf')
    this.#wrap = envelope?.success
    this.#isStrict = notAcceptable === 'reject'
  }

  /** The type that the response will have. Throws 406 if a server that is strict has none that the client accepts. */
  typeFor(route: ReplyRoute, wish: Wish, response: Pick<HttpResponse, 'appendHeader'>): string {
    if (wantsJson(wish) || route.raw) return JSON_TYPE
    const hasProtobuf = this.hasProtobuf && route.toProtobuf !== undefined
    if (hasProtobuf) response.appendHeader('Vary', 'Accept')
    const type = replyType(wish, hasProtobuf)
    if (type === undefined && this.#isStrict) {
      throw notAcceptable(hasProtobuf ? [JSON_TYPE, ...PROTOBUF_TYPES] : [JSON_TYPE])
    }
    return type ?? JSON_TYPE
  }

  /** The answer that tells of a response message, of the type that was agreed on. Throws `INTERNAL` if there can be none. */
  answer(message: unknown, { route, context, type }: Answering): Answer {
    const reply = context.get(httpReplyKey)
    const headers = reply === undefined ? NO_HEADERS : replyHeaders(reply)
    const status = reply?.status ?? route.status
    if (status !== 200 && isBodiless(status)) return { status, headers, type, body: undefined }
    if (route.raw) {
      const { type: own, bytes } = route.raw.read(message)
      return { status, headers, type: headerText(own) ?? 'application/octet-stream', body: bytes }
    }
    if (type !== JSON_TYPE && route.toProtobuf) return { status, headers, type, body: route.toProtobuf(message) }
    const body = this.#wrap ? textOfJson(this.#wrap(route.toJson(message))) : route.toText(message)
    return { status, headers, type: JSON_TYPE, body }
  }
}

/** What a message is answered for. */
export interface Answering {
  readonly route: ReplyRoute
  readonly context: Context
  /** What `typeFor` said. */
  readonly type: string
}

/** A content type that can be sent, or none. */
export function headerText(text: string): string | undefined {
  return /^[\x21-\x7e][\x20-\x7e]*$/.test(text) ? text : undefined
}
