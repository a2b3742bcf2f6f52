import type { MessageCodec } from '../../kernel.js'
import { fieldOf } from '../bind/field-facts.js'
import { fieldsOf, lengthDelimited } from './wire-fields.js'

/** Bytes of any kind: what a `google.api.HttpBody` is. */
export interface RawContent {
  /** Media type; empty if nothing is known. */
  readonly type: string
  readonly bytes: Uint8Array
}

const HTTP_BODY = 'google.api.HttpBody'
const CONTENT_TYPE = 1
const CONTENT = 2
const NOTHING = new Uint8Array(0)

/** Where in a message a `google.api.HttpBody` is: the message itself, or one of its fields. */
export class RawPlace {
  readonly #codec: MessageCodec
  /** Number of the field; `undefined` for the message itself. */
  readonly #no: number | undefined

  /** The place that a rule makes a body: `*`, or the name of a field; `undefined` if that is no `HttpBody`. */
  static of(codec: MessageCodec, name: string): RawPlace | undefined {
    if (name === '*') return codec.typeName === HTTP_BODY ? new RawPlace(codec, undefined) : undefined
    const field = codec.schema && fieldOf(codec.schema, name)
    const isBody = typeof field?.type === 'object' && field.type.fullName === HTTP_BODY && field.shape === 'singular'
    return isBody ? new RawPlace(codec, field.no) : undefined
  }

  private constructor(codec: MessageCodec, no: number | undefined) {
    this.#codec = codec
    this.#no = no
  }

  /** Puts content into a message that has the rest. */
  fill(rest: unknown, { type, bytes }: RawContent): unknown {
    const body = Buffer.concat([lengthDelimited(CONTENT_TYPE, Buffer.from(type)), lengthDelimited(CONTENT, bytes)])
    const placed = this.#no === undefined ? body : lengthDelimited(this.#no, body)
    return this.#codec.decode(Buffer.concat([placed, this.#codec.encode(rest)]))
  }

  /** The content of a message. */
  read(message: unknown): RawContent {
    const encoded = this.#codec.encode(message)
    const body = this.#no === undefined ? encoded : (fieldsOf(encoded).get(this.#no) ?? NOTHING)
    const fields = fieldsOf(body)
    return {
      type: Buffer.from(fields.get(CONTENT_TYPE) ?? NOTHING).toString('utf8'),
      bytes: fields.get(CONTENT) ?? NOTHING,
    }
  }
}
