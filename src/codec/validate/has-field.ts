import type { Property } from '../protobuf/property.js'
import type { FieldSchema } from '../schema/schema.js'

/** True of the value that an unset field has: zero, empty. */
export function isZero(value: unknown): boolean {
  if (typeof value === 'number') return Object.is(value, 0)
  if (value instanceof Uint8Array) return value.length === 0
  return value === undefined || value === null || value === '' || value === false || value === 0n
}

/** Whether a message has a field: it is there, or without presence it is not zero. */
export function hasField(
  field: FieldSchema,
  get: Property['get'],
): (message: Readonly<Record<string, unknown>>) => boolean {
  if (field.shape === 'list') return (message) => ((get(message) as readonly unknown[] | undefined)?.length ?? 0) > 0
  if (field.shape === 'map') return (message) => !isEmpty(get(message) as object | undefined)
  if (!hasPresence(field)) return (message) => !isZero(get(message))
  return (message) => {
    const value = get(message)
    return value !== undefined && value !== null
  }
}

/** True if a field can be absent, or has to be there. */
export function hasPresence({ presence, required }: FieldSchema): boolean {
  return presence || required
}

function isEmpty(map: object | undefined): boolean {
  for (const _key in map) return false
  return true
}
