import type { Declaration } from '../../codec/schema/schema.js'

/** The comment of a declaration as a doc comment, with a line end; empty if there is nothing to say. */
export function docComment({ comment, deprecated }: Declaration, indent = ''): string {
  const text = (comment ?? '').replaceAll('*/', '*\\/').trimEnd()
  const lines = [...(text === '' ? [] : text.split('\n')), ...(deprecated ? ['@deprecated'] : [])]
  if (lines.length === 0) return ''
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`
}
