import type { FieldSchema, MessageSchema, OneofSchema } from '../codec/schema/schema.js'
import { docComment } from './doc-comment.js'
import type { FileScope } from './file-scope.js'
import { propertyKey, quoted } from './literal.js'

/** A message: the type, and the codec of the same name. */
export function printMessage(message: MessageSchema, file: string, scope: FileScope): string {
  const name = scope.exported(message.fullName)
  const members = message.members.map((member) =>
    member.kind === 'field' ? printField(member, scope) : printOneof(member, scope),
  )
  const doc = docComment(message) || `/** Message \`${message.fullName}\`. */\n`
  const body = members.length === 0 ? '{}' : `{\n${members.join('')}}`
  const codec = scope.module.type('tierkit/codec', 'MessageCodec')
  return (
    `${doc}export interface ${name} ${body}\n` +
    `/** Codec of \`${message.fullName}\`. */\n` +
    `export const ${name}: ${codec}<${name}> = ${file}.codec(${quoted(message.fullName)})\n`
  )
}

function printField(field: FieldSchema, scope: FileScope): string {
  const type = fieldType(field, scope)
  const property = field.presence
    ? `${propertyKey(field.name)}?: ${type} | undefined`
    : `${propertyKey(field.name)}: ${type}`
  return `${docComment(field, '  ')}  ${property}\n`
}

function printOneof(oneof: OneofSchema, scope: FileScope): string {
  const cases = oneof.fields.map(
    (field) => `${docComment(field, '    ')}    | { case: ${quoted(field.name)}; value: ${fieldType(field, scope)} }\n`,
  )
  return `${docComment(oneof, '  ')}  ${propertyKey(oneof.name)}?:\n${cases.join('')}    | undefined\n`
}

function fieldType({ type, shape }: FieldSchema, scope: FileScope): string {
  const one = typeof type === 'string' ? scalarType(type) : scope.type(type)
  if (shape === 'list') return `${one}[]`
  return shape === 'map' ? `{ [key: string]: ${one} }` : one
}

function scalarType(name: string): string {
  if (name === 'string') return name
  if (name === 'bool') return 'boolean'
  if (name === 'bytes') return 'Uint8Array'
  return name.endsWith('64') ? 'bigint' : 'number'
}
