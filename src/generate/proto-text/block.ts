import type { MessageSchema } from '../../codec/schema/schema.js'

/** Lines of a `.proto` file, one level further in. */
export function indented(lines: readonly string[]): string[] {
  return lines.map((line) => (line === '' ? '' : `  ${line}`))
}

/** A declaration with a body in braces. */
export function block(head: string, body: readonly string[]): string[] {
  return body.length === 0 ? [`${head} {}`] : [`${head} {`, ...indented(body), '}']
}

/** Groups of lines with an empty one between them; groups without lines are left out. */
export function spaced(groups: readonly (readonly string[])[]): string[] {
  return groups.filter((group) => group.length > 0).flatMap((group, index) => (index === 0 ? group : ['', ...group]))
}

/** The comment in front of a declaration. */
export function commentLines(comment: string | undefined): string[] {
  const text = (comment ?? '').trimEnd()
  return text === '' ? [] : text.split(/\r\n|[\n\r\u2028\u2029]/).map((line) => `// ${line}`.trimEnd())
}

/** What stands in front of a type that says whether others may refer to it. */
export function visibilityWord({ visibility }: Pick<MessageSchema, 'visibility'>): string {
  return visibility === undefined ? '' : `${visibility} `
}
