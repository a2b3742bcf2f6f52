// Not enumerable, so that it is in no copy, comparison, JSON or listing: the message is what its type says.
const UNKNOWN = Symbol.for('tierkit.unknownFields')

/** A message with what was read of fields that its type lacks. */
interface Kept {
  [UNKNOWN]?: string
}

/**
 * Fields of a message that its type lacks, and values that its closed enums lack, in binary form as they were read, a
 * character a byte; `undefined` if there were none.
 */
export function unknownFields(message: object): string | undefined {
  return (message as Kept)[UNKNOWN]
}

/** Adds to them, at the end. */
export function keepUnknown(message: object, fields: string): void {
  const kept = (message as Kept)[UNKNOWN]
  if (kept !== undefined) (message as Kept)[UNKNOWN] = kept + fields
  else Object.defineProperty(message, UNKNOWN, { value: fields, writable: true, configurable: true })
}
