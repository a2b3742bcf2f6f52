import protobuf, { type ReflectionObject } from 'protobufjs'
import { enumSchema, extensionsOf, messageSchema, optionFilesOf } from '../../codec/schema/describe-type.js'
import { fileOf } from '../../codec/schema/locate.js'
import type { TypeReference } from '../../codec/schema/schema.js'
import type { ProtoFiles } from '../proto/proto-files.js'
import { serviceSchema } from './describe-service.js'
import { describeTypes } from './describe-types.js'
import type { FileSchema } from './proto-schema.js'

/** Describes the files that were asked for, and the bundled and imported ones whose types they refer to. */
export function describeFiles({ root, requested }: ProtoFiles): FileSchema[] {
  const files = new Map<string, FileSchema>()
  const describe = (name: string): void => {
    if (files.has(name)) return
    const schema = fileSchema(root, name)
    files.set(name, schema)
    for (const { file } of referencesOf(schema)) describe(file)
  }
  for (const name of requested) describe(name)
  return [...files.values()]
}

/** Every type that a file's messages, methods and extensions refer to. */
export function referencesOf({
  messages,
  services,
  extensions = [],
}: Pick<FileSchema, 'messages' | 'services' | 'extensions'>): TypeReference[] {
  const fields = messages.flatMap(({ members }) =>
    members.flatMap((member) => (member.kind === 'oneof' ? member.fields : [member])),
  )
  return [
    ...[...fields, ...extensions].flatMap(({ type }) => (typeof type === 'string' ? [] : [type])),
    ...services.flatMap(({ methods }) => methods.flatMap(({ request, response }) => [request, response])),
  ]
}

function fileSchema(root: protobuf.Root, name: string): FileSchema {
  const declared = declaredIn(root, name)
  const types = declared.filter((object) => object instanceof protobuf.Type)
  const top = declared.filter((object) => !(object.parent instanceof protobuf.Type))
  return {
    name,
    package: top[0]?.parent?.fullName.slice(1) ?? '',
    edition: String((top[0] as { readonly _edition?: string | null } | undefined)?._edition ?? 'proto3'),
    messages: types.map(messageSchema),
    enums: declared.filter((object) => object instanceof protobuf.Enum).map(enumSchema),
    extensions: extensionsOf(root, name),
    optionFiles: optionFilesOf(root).filter((file) => file.name !== name),
    services: declared.filter((object) => object instanceof protobuf.Service).map(serviceSchema),
    types: describeTypes(top),
  }
}

function declaredIn(namespace: protobuf.NamespaceBase, file: string): ReflectionObject[] {
  return namespace.nestedArray.flatMap((object) => {
    const own = isDeclaration(object) && fileOf(object) === file ? [object] : []
    return 'nestedArray' in object ? [...own, ...declaredIn(object as protobuf.NamespaceBase, file)] : own
  })
}

function isDeclaration(object: ReflectionObject): boolean {
  return object instanceof protobuf.Type || object instanceof protobuf.Enum || object instanceof protobuf.Service
}
