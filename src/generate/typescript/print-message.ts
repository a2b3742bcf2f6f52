import type { FieldSchema, MessageSchema, OneofSchema } from '../../codec/schema/schema.js'
import { docComment } from './doc-comment.js'
import type { FileScope } from './file-scope.js'
import { assigned, propertyKey, quoted } from './text/literal.js'

/** A message: the type as it is read, the type as it is written, and the codec. */
export function printMessage(message: MessageSchema, file: string, scope: FileScope): string {
  const { fullName } = message
  const name = scope.exported(fullName)
  const init = scope.exportedInit(fullName)
  const codec = scope.module.type('tierkit/codec', 'MessageCodec')
  const doc = docComment(message) || `/** Message \`${fullName}\`. */\n`
  return (
    `${doc}export interface ${name} ${printMembers(message, { scope, write: false })}\n` +
    `/** {@link ${name}} as one writes it: what is left out has its default. */\n` +
    `export interface ${init} ${printMembers(message, { scope, write: true })}\n` +
    `/** Codec of \`${fullName}\`. */\n` +
    `${assigned(`export const ${name}: ${codec}<${name}, ${init}> =`, `${file}.codec(${quoted(fullName)})`)}\n`
  )
}

/** What is printed: the type as it is read, or as it is written. */
interface Side {
  readonly scope: FileScope
  readonly write: boolean
}

function printMembers({ members }: MessageSchema, side: Side): string {
  if (members.length === 0) return '{}'
  const printed = members.map((member) =>
    member.kind === 'field' ? printField(member, side) : printOneof(member, side),
  )
  return `{\n${printed.join('')}}`
}

function printField(field: FieldSchema, side: Side): string {
  const type = fieldType(field, side)
  const optional = side.write ? !field.required : field.presence
  const name = `${side.write ? 'readonly ' : ''}${propertyKey(field.name)}`
  return `${docComment(field, '  ')}  ${name}${optional ? `?: ${type} | undefined` : `: ${type}`}\n`
}

function printOneof(oneof: OneofSchema, side: Side): string {
  const readonly = side.write ? 'readonly ' : ''
  const cases = oneof.fields.map((field) => {
    const properties = `${readonly}case: ${quoted(field.name)}; ${readonly}value: ${fieldType(field, side)}`
    return `${docComment(field, '    ')}    | { ${properties} }\n`
  })
  return `${docComment(oneof, '  ')}  ${readonly}${propertyKey(oneof.name)}?:\n${cases.join('')}    | undefined\n`
}

function fieldType({ type, shape }: FieldSchema, { scope, write }: Side): string {
  const one = typeof type === 'string' ? scalarType(type) : write ? scope.init(type) : scope.type(type)
  const readonly = write ? 'readonly ' : ''
  if (shape === 'list') return `${readonly}${one}[]`
  return shape === 'map' ? `{ ${readonly}[key: string]: ${one} }` : one
}

function scalarType(name: string): string {
  if (name === 'string') return name
  if (name === 'bool') return 'boolean'
  if (name === 'bytes') return 'Uint8Array'
  return name.endsWith('64') ? 'bigint' : 'number'
}
