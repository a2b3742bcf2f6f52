import type { OutgoingHttpHeaders } from 'node:http2'
import { FIELD_BYTES } from '../../grpc-wire/status.js'

/** What Node sends in one header block, in bytes: more would cost the whole connection. */
const MAX_BLOCK_BYTES = 64 * 1024
/** Room for what HTTP/2 and gRPC add: status, content type and the like. */
const PROTOCOL_BYTES = 1024

/** How many bytes of fields may go out in one header block, to a peer that takes blocks of `accepted` bytes. */
export function headerBudget(accepted: number | undefined): number {
  return Math.max(0, Math.min(accepted ?? MAX_BLOCK_BYTES, MAX_BLOCK_BYTES) - PROTOCOL_BYTES)
}

/** The size of fields as HTTP/2 counts it. */
export function headerBytes(headers: OutgoingHttpHeaders): number {
  let bytes = 0
  for (const [name, values] of Object.entries(headers)) {
    for (const value of Array.isArray(values) ? values : [values]) {
      bytes += name.length + String(value).length + FIELD_BYTES
    }
  }
  return bytes
}
