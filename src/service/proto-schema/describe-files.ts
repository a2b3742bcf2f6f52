import protobuf, { type ReflectionObject } from 'protobufjs'
import { isBundled } from '../../codec/protobuf/bundled/bundled-root.js'
import { notedFile, typeFile } from '../../codec/schema/describe-type.js'
import { keptImports } from '../../codec/schema/imports.js'
import { fileOf } from '../../codec/schema/locate.js'
import type { TypeFile } from '../../codec/schema/schema.js'
import type { ProtoFiles } from '../proto/proto-files.js'
import { serviceSchema } from './describe-service.js'
import { describeTypes } from './describe-types.js'
import { neededFiles, referencesOf } from './needed-files.js'
import type { FileSchema } from './proto-schema.js'

/** Describes the files that were asked for, and the bundled and imported ones whose types they refer to. */
export function describeFiles({ root, requested }: ProtoFiles): FileSchema[] {
  const files = new Map<string, FileSchema>()
  const describe = (name: string): void => {
    if (files.has(name)) return
    const schema = fileSchema(root, name)
    files.set(name, schema)
    const referred = referencesOf(schema).map(({ file }) => file)
    const needed = neededFiles(schema)
    const kept = keptImports(schema, needed).map((file) => file.name)
    // Bundled files need no code for what they declare beside types.
    for (const file of [...referred, ...needed, ...kept])
      if (referred.includes(file) || !isBundled(file)) describe(file)
  }
  for (const name of requested) describe(name)
  return [...files.values()]
}

function fileSchema(root: protobuf.Root, name: string): FileSchema {
  const declared = declaredIn(root, name)
  const top = declared.filter((object) => !(object.parent instanceof protobuf.Type))
  return {
    ...describedFile(root, name, top),
    services: declared.filter((object) => object instanceof protobuf.Service).map(serviceSchema),
    types: describeTypes(top),
  }
}

function describedFile(root: protobuf.Root, name: string, [first]: readonly ReflectionObject[]): TypeFile {
  const noted = notedFile(root, name)
  if (noted) return noted
  // One of the bundle, which declares something.
  return typeFile(first as protobuf.Type)
}

function declaredIn(namespace: protobuf.NamespaceBase, file: string): ReflectionObject[] {
  return namespace.nestedArray.flatMap((object) => {
    const own = isDeclaration(object) && fileOf(object) === file ? [object] : []
    return 'nestedArray' in object ? [...own, ...declaredIn(object as protobuf.NamespaceBase, file)] : own
  })
}

function isDeclaration(object: ReflectionObject): boolean {
  const isExtension = object instanceof protobuf.Field && object.extend !== undefined
  return (
    isExtension ||
    object instanceof protobuf.Type ||
    object instanceof protobuf.Enum ||
    object instanceof protobuf.Service
  )
}
