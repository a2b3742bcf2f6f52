import type { JsonValue } from '../../kernel.js'

/** Takes what a server sends in an envelope out of it. */
export interface ClientEnvelope {
  /** Of a unary response. */
  success?(json: JsonValue): JsonValue
  /** Of an error. */
  error?(json: JsonValue): JsonValue
}
