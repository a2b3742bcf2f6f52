import type { ExtensionSchema, FieldSchema, MessageSchema, OneofSchema } from '../../codec/schema/schema.js'
import { block, commentLines, spaced, visibilityWord } from './block.js'
import { type FileView, optionLines } from './file-view.js'
import { enumsIn, printEnum } from './print-enum.js'
import { type FieldPlace, fieldLines } from './print-field.js'
import { extensionLines, reservedLines } from './print-reserved.js'

/** A message with what is nested in it. */
export function printMessage(view: FileView, message: MessageSchema): string[] {
  return [
    ...commentLines(message.comment),
    ...block(`${visibilityWord(message)}message ${message.path.at(-1)}`, messageBody(view, message)),
  ]
}

/** What stands in the braces of a message, or of a group. */
function messageBody(view: FileView, message: MessageSchema): string[] {
  const { members, options, reserved, fullName } = message
  const groups = groupsIn(view, fullName, members)
  const nested = view.file.messages.filter((other) => isIn(other, fullName) && !groups.includes(other))
  return spaced([
    optionLines(view, options),
    [...reservedLines(view, reserved), ...extensionLines(view, message)],
    members.flatMap((member) => memberLines(view, message, member)),
    ...enumsIn(view, fullName).map((type) => printEnum(view, type)),
    ...nested.map((other) => printMessage(view, other)),
    ...printExtensions(view, fullName),
  ])
}

function memberLines(view: FileView, message: MessageSchema, member: FieldSchema | OneofSchema): string[] {
  if (member.kind === 'oneof') {
    const { comment, protoName, options, fields } = member
    const cases = fields.flatMap((field) => fieldWithGroup(view, field, { scope: message.fullName, inOneof: true }))
    return [...commentLines(comment), ...block(`oneof ${protoName}`, spaced([optionLines(view, options), cases]))]
  }
  return fieldWithGroup(view, member, { scope: message.fullName })
}

function fieldWithGroup(view: FileView, field: FieldSchema, place: FieldPlace): string[] {
  const group = groupOf(view, place.scope, field)
  return fieldLines(view, field, { ...place, group: group && messageBody(view, group) })
}

/** The messages of groups that are declared in a message, or outside of all: fields and extensions are. */
export function groupsIn(view: FileView, scope: string, members: MessageSchema['members'] = []): MessageSchema[] {
  const fields = members.flatMap((member) => (member.kind === 'oneof' ? member.fields : [member]))
  return [...fields, ...extensionsIn(view, scope)].flatMap((field) => groupOf(view, scope, field) ?? [])
}

/** The message of a group: in `proto2` it is declared where the field is. */
function groupOf({ file, edition }: FileView, scope: string, member: FieldSchema): MessageSchema | undefined {
  if (edition !== 'proto2' || !member.delimited || typeof member.type === 'string') return undefined
  const { fullName, path } = member.type
  // Other fields may have the type of a group too.
  if (path.at(-1)?.toLowerCase() !== member.protoName.toLowerCase()) return undefined
  return file.messages.find((other) => other.fullName === fullName && isIn(other, scope))
}

function isIn({ fullName, path }: Pick<MessageSchema, 'fullName' | 'path'>, scope: string): boolean {
  return fullName === (scope === '' ? path.at(-1) : `${scope}.${path.at(-1)}`)
}

function extensionsIn({ file }: FileView, scope: string): ExtensionSchema[] {
  return (file.extensions ?? []).filter((extension) => isIn(extension, scope))
}

/** The fields that a file adds to messages, as they stand in a message, or outside of all. */
export function printExtensions(view: FileView, scope: string): string[][] {
  const extended = new Map<string, ExtensionSchema[]>()
  for (const field of extensionsIn(view, scope))
    extended.set(field.extendee, [...(extended.get(field.extendee) ?? []), field])
  return [...extended].map(([extendee, fields]) =>
    block(
      `extend ${extendee}`,
      fields.flatMap((field) => fieldWithGroup(view, field, { scope })),
    ),
  )
}
