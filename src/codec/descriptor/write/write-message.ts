import type { MessageInit } from '../../message-init.js'
import type { ExtensionSchema, FieldSchema, MessageSchema, OneofSchema, TypeFile } from '../../schema/schema.js'
import type { ExtensionRangeOptions, FieldOptions, MessageOptions, OneofOptions } from '../descriptor-options.js'
import { FieldLabel, Visibility } from '../field-type.js'
import type { DescriptorProto, FieldDescriptorProto, OneofDescriptorProto } from '../file-descriptor.js'
import type { FileWriter } from './file-writer.js'
import { deprecatedToo, writeEnum } from './write-enum.js'
import { entryName, typeOf, writeExtension, writeField } from './write-field.js'

/** What stands directly in a message, or at the top of a file. */
export function standingIn<T extends { readonly path: readonly string[] }>(
  path: readonly string[],
  all: readonly T[],
): T[] {
  return all.filter(
    (one) => one.path.length === path.length + 1 && path.every((name, index) => one.path[index] === name),
  )
}

/** Describes a message with all that stands in it. */
export function writeMessage(message: MessageSchema, file: TypeFile, writer: FileWriter): MessageInit<DescriptorProto> {
  const { path, reserved, extensionRanges = [], extensionRangeOptions = {}, visibility } = message
  const extensions: readonly ExtensionSchema[] = file.extensions ?? []
  const { fields, oneofs } = writeMembers(message, writer)
  return {
    name: path.at(-1),
    field: fields,
    extension: standingIn(path, extensions).map((extension) => writeExtension(extension, writer)),
    nestedType: [
      ...mapsOf(message).map((field) => writeEntry(field, writer)),
      ...standingIn(path, file.messages).map((nested) => writeMessage(nested, file, writer)),
    ],
    enumType: standingIn(path, file.enums).map((nested) => writeEnum(nested, writer)),
    extensionRange: extensionRanges.map((range) => ({
      ...behind(range),
      options: writer.options.write<ExtensionRangeOptions>(
        'ExtensionRangeOptions',
        extensionRangeOptions[range[0]] ?? {},
      ),
    })),
    oneofDecl: oneofs,
    options: writer.options.write<MessageOptions>('MessageOptions', deprecatedToo(message)),
    reservedRange: reserved.numbers.map(behind),
    reservedName: [...reserved.names],
    visibility: visibility && Visibility[visibility],
  }
}

/** Ranges of fields end behind their last number. */
function behind([first, last]: readonly [number, number]): { readonly start: number; readonly end: number } {
  return { start: first, end: last + 1 }
}

interface Members {
  readonly fields: MessageInit<FieldDescriptorProto>[]
  readonly oneofs: MessageInit<OneofDescriptorProto>[]
}

/** Fields in their order, and oneofs: those of the file, then one for each field of proto3 that can be absent. */
function writeMembers({ members, fullName: owner }: MessageSchema, writer: FileWriter): Members {
  const choices = members.filter((member) => member.kind === 'oneof')
  const oneofs = choices.map((oneof) => writeOneof(oneof, writer))
  const taken = new Set(
    members.flatMap((member) =>
      [member, ...(member.kind === 'oneof' ? member.fields : [])].map((one) => one.protoName),
    ),
  )
  const fields = members.flatMap((member) => {
    if (member.kind === 'oneof') {
      const oneofIndex = choices.indexOf(member)
      return member.fields.map((field) => writeField(field, { owner, oneofIndex }, writer))
    }
    if (!standsAlone(member, writer)) return [writeField(member, { owner }, writer)]
    oneofs.push({ name: freeName(member.protoName.replace(/^_?/, '_'), taken) })
    return [writeField(member, { owner, oneofIndex: oneofs.length - 1, alone: true }, writer)]
  })
  return { fields, oneofs }
}

function writeOneof(oneof: OneofSchema, { options }: FileWriter): MessageInit<OneofDescriptorProto> {
  return { name: oneof.protoName, options: options.write<OneofOptions>('OneofOptions', oneof.options) }
}

/** True of what `optional` makes of a field of proto3. Messages can be absent without it. */
function standsAlone({ presence, optional, type, shape }: FieldSchema, { edition }: FileWriter): boolean {
  const scalar = typeof type === 'string' || type.kind === 'enum'
  return edition.edition === 'proto3' && shape === 'singular' && (optional === true || (presence && scalar))
}

function freeName(name: string, taken: ReadonlySet<string>): string {
  return taken.has(name) ? freeName(`X${name}`, taken) : name
}

function mapsOf({ members }: MessageSchema): FieldSchema[] {
  return members.flatMap((member) => (member.kind === 'field' && member.shape === 'map' ? [member] : []))
}

/** The message that an entry of a map is on the wire. */
function writeEntry(field: FieldSchema, { edition, options }: FileWriter): MessageInit<DescriptorProto> {
  const { protoName, mapKey = 'string' } = field
  const label = FieldLabel.optional
  const { features } = field.options
  // Key and value are fields as well, and have the features of the map.
  const own = options.write<FieldOptions>('FieldOptions', features === undefined ? {} : { features })
  return {
    name: entryName(protoName),
    field: [
      { name: 'key', number: 1, label, ...typeOf({ type: mapKey }, false), jsonName: 'key', options: own },
      { name: 'value', number: 2, label, ...typeOf(field, edition.isEdition), jsonName: 'value', options: own },
    ],
    options: { mapEntry: true },
  }
}
