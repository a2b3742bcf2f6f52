import type { EnumSchema } from '../../codec/schema/schema.js'
import { docComment } from './doc-comment.js'
import type { FileScope } from './file-scope.js'
import { propertyKey } from './text/literal.js'

/** An enum: an object with its numbers, and the type of them. */
export function printEnum(type: EnumSchema, scope: FileScope): string {
  const name = scope.exported(type.fullName)
  const prefix = sharedPrefix(type)
  const values = type.values.map(
    (value) => `${docComment(value, '  ')}  ${propertyKey(value.name.slice(prefix.length))}: ${value.number},\n`,
  )
  const doc = docComment(type) || `/** Enum \`${type.fullName}\`. */\n`
  return (
    `${doc}export const ${name} = {\n${values.join('')}} as const\n` +
    `${doc}export type ${name} = (typeof ${name})[keyof typeof ${name}]\n`
  )
}

/** `COLOR_` where every value of `Color` starts with it, as is the custom, and a name is left behind it. */
function sharedPrefix({ path, values }: EnumSchema): string {
  const name = path.at(-1) ?? ''
  const prefix = `${name.replace(/([a-z0-9])([A-Z])|([A-Z])([A-Z][a-z])/g, '$1$3_$2$4').toUpperCase()}_`
  return values.every((value) => value.name.startsWith(prefix) && /^[A-Za-z]/.test(value.name.slice(prefix.length)))
    ? prefix
    : ''
}
