import type { Root } from 'protobufjs/light.js'
import { bundledFiles } from '../../protobuf/bundled/bundled-files.js'
import { addBundled } from '../../protobuf/bundled/bundled-root.js'
import { protobufLibrary } from '../../protobuf/library/protobuf-library.js'
import { extensionsOf, messageSchema, typeFile } from '../../schema/describe-type.js'
import { typesOf } from '../../schema/locate.js'
import type { MessageSchema, TypeFile } from '../../schema/schema.js'

// Made of constants when a descriptor is first asked for, and the same for everyone.
let bundledRoot: Root | undefined

function rootOfBundled(): Root {
  if (bundledRoot) return bundledRoot
  const root = new (protobufLibrary().Root)()
  for (const file of Object.keys(bundledFiles)) addBundled(root, file)
  root.resolveAll()
  bundledRoot = root
  return root
}

/** What a bundled file declares, extensions too; `undefined` if there is no such file. */
export function bundledTypeFile(name: string): TypeFile | undefined {
  const bundled = bundledFiles[name]
  if (!bundled) return undefined
  const root = rootOfBundled()
  const [first] = typesOf(root, name)
  const types = first ? typeFile(first) : { name, edition: 'proto3', messages: [], enums: [] }
  const { edition, messages, enums } = types
  return { name, package: bundled.package, edition, messages, enums, extensions: extensionsOf(root, name) }
}

let extending: TypeFile[] | undefined

/** The bundled files that declare extensions. */
export function bundledExtensionFiles(): readonly TypeFile[] {
  extending ??= Object.keys(bundledFiles).flatMap((name) => {
    return extensionsOf(rootOfBundled(), name).length > 0 ? (bundledTypeFile(name) ?? []) : []
  })
  return extending
}

/** A message of the bundled files, by its full name; throws if there is none. */
export function bundledMessage(fullName: string): MessageSchema {
  return messageSchema(rootOfBundled().lookupType(fullName))
}
