import { Metadata } from '../endpoint/metadata.js'

/** What is written in place of a secret. */
export const REDACTED = '[redacted]'

/** Keys whose values are secret wherever they are, in any case; those that end in `-bin` are too. */
export const SECRET_KEYS: readonly string[] = [
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
]

const secret = new Set(SECRET_KEYS)
/** One more than pino writes; it shows what lies below as `[Object]`. */
const MAX_DEPTH = 6

/**
 * Replaces the values of secret keys in plain objects, arrays and metadata, at any depth that is logged. The input is not
 * changed, and comes back as it is when there is nothing secret in it.
 */
export function redact<T>(value: T): T {
  return redactValue(value, 0) as T
}

function redactValue(value: unknown, depth: number): unknown {
  if (typeof value !== 'object' || value === null || depth > MAX_DEPTH) return value
  if (value instanceof Metadata) return redactMetadata(value)
  if (Array.isArray(value)) return redactArray(value, depth)
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null ? redactObject(value, depth) : value
}

function redactObject(value: object, depth: number): object {
  let copy: Record<string, unknown> | undefined
  for (const [key, part] of Object.entries(value)) {
    const safe = isSecret(key) ? REDACTED : redactValue(part, depth + 1)
    if (safe === part) continue
    copy ??= { ...value }
    copy[key] = safe
  }
  return copy ?? value
}

function redactArray(value: readonly unknown[], depth: number): readonly unknown[] {
  const safe = value.map((part) => redactValue(part, depth + 1))
  return safe.some((part, i) => part !== value[i]) ? safe : value
}

function redactMetadata(metadata: Metadata): object {
  const fields: Record<string, unknown> = {}
  for (const [key, values] of metadata) {
    fields[key] = isSecret(key) ? REDACTED : values.length === 1 ? values[0] : values
  }
  return fields
}

function isSecret(key: string): boolean {
  const name = key.toLowerCase()
  return secret.has(name) || name.endsWith('-bin')
}
