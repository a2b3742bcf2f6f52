import { type Method, streamsRequests } from '../../kernel.js'
import type { BodyFormat, RequestBinder } from '../bind.js'
import { badRequest, unsupported } from '../error.js'
import { isForm } from '../multipart/boundary.js'
import { hasType, JSON_TYPE, NDJSON_TYPE, PROTOBUF_TYPES, protobufType } from '../wire/media-type.js'

/** Where a body goes, and what servers of it speak. */
export interface BodyTarget {
  readonly method: Method
  readonly binder: RequestBinder
  /** Whether bodies may be in protobuf. */
  readonly hasProtobuf: boolean
}

/** How a body of a content type is to be read. Throws what a route says that takes no body, or none of that type: 400, 415. */
export function bodyFormat(contentType: string | undefined, { method, binder, hasProtobuf }: BodyTarget): BodyFormat {
  if (!binder.takesBody) throw badRequest('this route takes no body')
  if (contentType === JSON_TYPE && !binder.raw) return 'json'
  if (isForm(contentType)) return 'form'
  if (binder.raw) return 'raw'
  if (hasType(contentType, JSON_TYPE)) return 'json'
  const streams = streamsRequests(method.kind)
  if (streams && hasType(contentType, NDJSON_TYPE)) return 'json'
  const takesProtobuf = hasProtobuf && binder.takesAll && !streams
  if (takesProtobuf && protobufType(contentType) !== undefined) return 'protobuf'
  const known = [JSON_TYPE, ...(streams ? [NDJSON_TYPE] : takesProtobuf ? PROTOBUF_TYPES : [])]
  throw unsupported(`the Content-Type is not ${JSON_TYPE}`, [['Accept', known.join(', ')]])
}
