/** What goes out in one header block, in bytes: more would cost some peers, and Node's HTTP/2, the whole connection. */
const MAX_BLOCK_BYTES = 64 * 1024
/** Room for what HTTP/2 and gRPC add: status, content type and the like. */
const PROTOCOL_BYTES = 1024

/** The request header block that a server takes unless told otherwise, in bytes: what the protocol suggests. */
export const DEFAULT_MAX_HEADER_BYTES = 8 * 1024

/** What HTTP/2 counts for each field beside its name and value, in bytes. */
export const FIELD_BYTES = 32

/** How many bytes of fields may go out in one header block, to a peer that takes blocks of `accepted` bytes. */
export function headerBudget(accepted: number | undefined): number {
  return Math.max(0, Math.min(accepted ?? MAX_BLOCK_BYTES, MAX_BLOCK_BYTES) - PROTOCOL_BYTES)
}

/** The size of fields, names and values in turn, as HTTP/2 counts it. */
export function fieldBytes(fields: readonly string[]): number {
  let bytes = (fields.length / 2) * FIELD_BYTES
  for (const text of fields) bytes += text.length
  return bytes
}
