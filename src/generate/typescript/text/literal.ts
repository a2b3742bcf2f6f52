/** What lines are kept within where they can be broken. */
const WIDTH = 120

/** Where something is printed: how far its line is indented, and what stands in front of it there. */
interface Place {
  readonly indent?: string
  readonly before?: string
}

/** Prints plain values as a literal. */
export function literal(value: unknown, place: Place = {}): string {
  if (typeof value === 'string') return quoted(value)
  if (typeof value !== 'object' || value === null) return String(value)
  const indent = `${place.indent ?? ''}  `
  if (Array.isArray(value))
    return bracketed(
      '[]',
      value.map((element) => literal(element, { indent })),
      place,
    )
  const members = Object.entries(value).map(([name, member]) => {
    const before = `${propertyKey(name)}: `
    return before + literal(member, { indent, before })
  })
  return bracketed('{}', members, place)
}

/** Items in brackets: on one line if they fit there, else each on a line of its own. */
export function bracketed(
  brackets: '[]' | '{}' | '<>',
  items: readonly string[],
  { indent = '', before = '' }: Place,
): string {
  const [open, close] = brackets
  const pad = brackets === '{}' ? ' ' : ''
  const line = `${open}${pad}${items.join(', ')}${pad}${close}`
  if (items.length === 0) return brackets
  // Two more for what closes the call or list around it.
  if (!line.includes('\n') && indent.length + before.length + line.length + 2 <= WIDTH) return line
  // Type arguments end without a comma.
  const last = brackets === '<>' ? '' : ','
  return `${open}\n${items.map((item) => `${indent}  ${item}`).join(',\n')}${last}\n${indent}${close}`
}

/** A value behind what it is assigned to: on its line if it fits there, else on the next. */
export function assigned(before: string, value: string): string {
  return before.length + value.length + 1 <= WIDTH ? `${before} ${value}` : `${before}\n  ${value}`
}

/** A string in single quotes. */
export function quoted(text: string): string {
  return `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}

/** A property name as it is written in a literal or an interface. */
export function propertyKey(name: string): string {
  // Without brackets this one would set the prototype.
  if (name === '__proto__') return "['__proto__']"
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)
}
