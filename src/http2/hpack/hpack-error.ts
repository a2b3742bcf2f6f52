/** A header block that cannot be decoded. The state of the table is lost: a COMPRESSION_ERROR of the connection. */
export class HpackError extends Error {
  override readonly name = 'HpackError'
}
