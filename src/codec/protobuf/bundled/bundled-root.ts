import type { Root } from 'protobufjs/light.js'
import type { MessageCodec } from '../../message-codec.js'
import type { MessageInit } from '../../message-init.js'
import { lazyCodec } from '../../protobuf.js'
import { protobufLibrary } from '../library/protobuf-library.js'
import { bundledFiles } from './bundled-files.js'

/** True if the file need not be there to be imported. */
export function isBundled(file: string): boolean {
  return Object.hasOwn(bundledFiles, file)
}

/** Adds a bundled file, and what it imports, to a root, unless it is there. */
export function addBundled(root: Root, file: string): void {
  const bundled = bundledFiles[file]
  if (!bundled || root.files.includes(file)) return
  root.files.push(file)
  for (const imported of bundled.imports) addBundled(root, imported)
  const namespace = root.define(bundled.package)
  const types = bundled.types()
  namespace.addJSON(types)
  for (const name of Object.keys(types)) {
    const type = namespace.get(name)
    if (type) type.filename = file
  }
}

// Made of constants when the first of its types is used, and the same for everyone.
let bundledRoot: Root | undefined

function rootOfBundled(): Root {
  const root = new (protobufLibrary().Root)()
  for (const file of Object.keys(bundledFiles)) addBundled(root, file)
  root.resolveAll()
  return root
}

/** The codec of a message of the bundled files: `google.rpc.Status`. */
export function bundledCodec<T, Init = MessageInit<T>>(name: string): MessageCodec<T, Init> {
  return lazyCodec(name, () => {
    bundledRoot ??= rootOfBundled()
    return bundledRoot.lookupType(name)
  })
}
