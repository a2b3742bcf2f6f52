import type { OutgoingHttpHeaders } from 'node:http2'
import { FIELD_BYTES } from '../../grpc-wire/frame/header-budget.js'

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
