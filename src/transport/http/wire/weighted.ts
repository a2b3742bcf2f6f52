/** An element of a list with weights, in lower case: `gzip;q=0.5`. */
export interface Weighted {
  readonly name: string
  /** From 0, never, to 1. */
  readonly weight: number
}

const WEIGHT = /^q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)$/

/** Reads an `Accept` or `Accept-Encoding` (RFC 9110, 12.4.2). A weight that is none counts as 0. */
export function weighted(header: string): readonly Weighted[] {
  return header.split(',').flatMap((element) => {
    const [name = '', ...parameters] = element.split(';').map((part) => part.trim().toLowerCase())
    if (name === '') return []
    const weight = parameters.find((parameter) => /^q\s*=/.test(parameter))
    return [{ name, weight: weight === undefined ? 1 : Number(WEIGHT.exec(weight)?.[1] ?? 0) }]
  })
}

/** The weight that a list of media ranges gives to a type: that of the range that says most of it. */
export function weightOfType(ranges: readonly Weighted[], type: string): number {
  const group = `${type.slice(0, type.indexOf('/'))}/*`
  for (const name of [type, group, '*/*']) {
    const found = ranges.filter((range) => range.name === name)
    if (found.length > 0) return Math.max(...found.map(({ weight }) => weight))
  }
  return 0
}
