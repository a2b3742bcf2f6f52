import { JSON_TYPE, PROTOBUF_TYPES, protobufType } from '../wire/media-type.js'
import { weighted, weightOfType } from '../wire/weighted.js'

/** What a client said of the response that it wants, and what it sent itself. */
export interface Wish {
  readonly accept: string | undefined
  /** Of the request. */
  readonly contentType: string | undefined
}

/** True for clients that take JSON and have sent it, which is nearly all of them. */
export function wantsJson({ accept, contentType }: Wish): boolean {
  return (
    (accept === undefined || accept === '*/*' || accept === JSON_TYPE) &&
    (contentType === undefined || contentType === JSON_TYPE)
  )
}

/**
 * The media type of a response, JSON or a name of protobuf, that a client likes best; `undefined` if it likes none. Of what
 * it likes as much, what its request was in goes first, then JSON.
 */
export function replyType({ accept = '*/*', contentType }: Wish, hasProtobuf: boolean): string | undefined {
  const own = protobufType(contentType)
  const all = own === undefined ? [JSON_TYPE, ...PROTOBUF_TYPES] : [own, JSON_TYPE, ...PROTOBUF_TYPES]
  const offers = hasProtobuf ? all : [JSON_TYPE]
  const ranges = weighted(accept)
  let best: { readonly type: string | undefined; readonly weight: number } = { type: undefined, weight: 0 }
  for (const type of offers) {
    const weight = weightOfType(ranges, type)
    if (weight > best.weight) best = { type, weight }
  }
  return best.type
}
