const NANOS = 1_000_000_000n

/**
 * `format` of strings in expressions: `%s`, `%d`, `%f`, `%e`, `%x`, `%X`, `%o`, `%b` and `%%`.
 *
 * @see https://github.com/google/cel-spec/blob/master/doc/extensions/strings.md
 */
export function formatText(format: string, values: readonly unknown[]): string {
  let next = 0
  const text = format.replace(/%(?:(%)|(?:\.(\d+))?([a-zA-Z]))/g, (_, percent, precision, verb: string) => {
    if (percent) return '%'
    if (next >= values.length) throw new Error('format has more places than values')
    return formatValue(verb, values[next++], Number(precision ?? 6))
  })
  if (next < values.length) throw new Error('format has more values than places')
  return text
}

function formatValue(verb: string, value: unknown, precision: number): string {
  switch (verb) {
    case 's':
      return plainText(value)
    case 'd':
      return plainText(value)
    case 'f':
      return Number(value).toFixed(precision)
    case 'e':
      return Number(value)
        .toExponential(precision)
        .replace(/e([+-])(\d)$/, 'e$10$2')
    case 'x':
      return hexText(value)
    case 'X':
      return hexText(value).toUpperCase()
    case 'o':
      return integer(value).toString(8)
    case 'b':
      return typeof value === 'boolean' ? String(Number(value)) : integer(value).toString(2)
    default:
      throw new Error(`format has no %${verb}`)
  }
}

/** A value as `%s` has it: times and durations as in JSON, bytes as UTF-8. */
export function plainText(value: unknown): string {
  if (value instanceof Uint8Array) return Buffer.from(value).toString()
  if (value instanceof Date) return value.toISOString().replace(/\.000Z$/, 'Z')
  if (isDuration(value)) return durationText(value)
  if (Array.isArray(value)) return `[${value.map(plainText).join(', ')}]`
  if (value instanceof Map)
    return `{${[...value].map(([key, one]) => `${plainText(key)}: ${plainText(one)}`).join(', ')}}`
  if (value === Infinity || value === -Infinity) return value > 0 ? 'Infinity' : '-Infinity'
  return String(value)
}

interface Duration {
  readonly seconds: bigint
  readonly nanos: number
}

function isDuration(value: unknown): value is Duration {
  return typeof value === 'object' && value !== null && 'seconds' in value && 'nanos' in value
}

/** Seconds with as many digits behind the point as there are: `-1.5s`. */
function durationText({ seconds, nanos }: Duration): string {
  const total = seconds * NANOS + BigInt(nanos)
  const whole = total < 0n ? -total : total
  const rest = String(whole % NANOS)
    .padStart(9, '0')
    .replace(/0+$/, '')
  return `${total < 0n ? '-' : ''}${whole / NANOS}${rest && `.${rest}`}s`
}

function hexText(value: unknown): string {
  if (typeof value === 'string' || value instanceof Uint8Array) return Buffer.from(value as string).toString('hex')
  return integer(value).toString(16)
}

function integer(value: unknown): bigint {
  return BigInt((value as { valueOf(): bigint }).valueOf())
}
