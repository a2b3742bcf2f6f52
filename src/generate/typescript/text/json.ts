/** What lines are kept within where they can be broken. */
const WIDTH = 120

/** Plain values as JSON, in lines that can be compared: what fits into one is in one. */
export function json(value: unknown, indent = '', before = 0): string {
  if (typeof value !== 'object' || value === null) return scalar(value)
  const members = Array.isArray(value) ? value.map((item) => ['', item]) : Object.entries(value)
  const [open, close] = Array.isArray(value) ? '[]' : '{}'
  const inner = `${indent}  `
  const items = members.map(([name, member]) => {
    const key = Array.isArray(value) ? '' : `${JSON.stringify(name)}: `
    return key + json(member, inner, key.length)
  })
  const line = `${open}${items.join(', ')}${close}`
  if (!line.includes('\n') && indent.length + before + line.length < WIDTH) return line
  return `${open}\n${items.map((item) => inner + item).join(',\n')}\n${indent}${close}`
}

/** A text as it stands in a template literal. */
export function inTemplate(text: string): string {
  return text.replace(/[\\`]|\$(?=\{)/g, '\\$&')
}

/** JSON has no infinite numbers: they are written as in a `.proto` file. */
function scalar(value: unknown): string {
  if (typeof value !== 'number' || Number.isFinite(value)) return JSON.stringify(value ?? null)
  return Number.isNaN(value) ? '"nan"' : value > 0 ? '"inf"' : '"-inf"'
}
