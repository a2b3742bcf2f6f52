import type { MessageInit } from '../../message-init.js'
import { importsOf } from '../../schema/imports.js'
import type { FieldSchema, TypeFile, TypeReference } from '../../schema/schema.js'
import type { FileOptions } from '../descriptor-options.js'
import { FileDescriptorProto, type ServiceDescriptorProto } from '../file-descriptor.js'
import { editionFacts, editionNumber } from './edition-facts.js'
import type { FileWriter } from './file-writer.js'
import { type KnownExtensions, OptionScope } from './option-scope.js'
import { writeEnum } from './write-enum.js'
import { writeExtension } from './write-field.js'
import { standingIn, writeMessage } from './write-message.js'

/** The services of a file: what they are, and whose types they refer to. */
export interface FileServices {
  /** Describes them; called once. */
  write(writer: FileWriter): MessageInit<ServiceDescriptorProto>[]
  /** Names of the files with their messages. */
  readonly files: readonly string[]
}

/** Describes a file. Everything else that it needs, for options too, is among its dependencies. */
export function writeFile(file: TypeFile, services: FileServices, known: KnownExtensions): FileDescriptorProto {
  const options = new OptionScope(file.package, known)
  const edition = editionFacts(file)
  const writer = { options, edition }
  const extensions = file.extensions ?? []
  const parts: MessageInit<FileDescriptorProto> = {
    messageType: standingIn([], file.messages).map((message) => writeMessage(message, file, writer)),
    enumType: standingIn([], file.enums).map((type) => writeEnum(type, writer)),
    service: services.write(writer),
    extension: standingIn([], extensions).map((extension) => writeExtension(extension, writer)),
    options: options.write<FileOptions>('FileOptions', file.options ?? {}),
  }
  const extended = extensions.map(({ extendeeFile }) => extendeeFile)
  const types = [...typesOf(file).map((type) => type.file), ...services.files, ...extended]
  const imports = importsOf(file, types, options.files)
  const indexes = (names: readonly string[]): number[] => names.map((name) => imports.all.indexOf(name))
  // Written and read, so that it is the same as any other: lists everywhere, and nothing that is not set.
  return FileDescriptorProto.decode(
    FileDescriptorProto.encode({
      name: file.name,
      package: file.package === '' ? undefined : file.package,
      dependency: [...imports.all],
      publicDependency: indexes(imports.public),
      weakDependency: indexes(imports.weak),
      optionDependency: [...imports.option],
      ...parts,
      syntax: edition.isEdition ? 'editions' : file.edition === 'proto2' ? undefined : file.edition,
      edition: editionNumber(edition),
    }),
  )
}

/** The types that the fields of a file have. */
export function typesOf({ messages, extensions = [] }: Pick<TypeFile, 'messages' | 'extensions'>): TypeReference[] {
  const fields: readonly FieldSchema[] = messages.flatMap(({ members }) =>
    members.flatMap((member) => (member.kind === 'oneof' ? member.fields : [member])),
  )
  return [...fields, ...extensions].flatMap(({ type }) => (typeof type === 'string' ? [] : [type]))
}
