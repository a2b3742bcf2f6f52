import type { AnyNestedObject, Root, Type } from 'protobufjs/light.js'
import type { MessageCodec } from '../../message-codec.js'
import type { MessageInit } from '../../message-init.js'
import { lazyCodec } from '../../protobuf.js'
import { completeLate } from '../library/late-types.js'
import { protobufLibrary } from '../library/protobuf-library.js'
import { bundledFiles } from './bundled-files.js'
import type { BundledFile } from './compact.js'

/** True if the file need not be there to be imported. */
export function isBundled(file: string): boolean {
  return Object.hasOwn(bundledFiles, file)
}

/** The bundled files of a package: `google.protobuf`. */
export function bundledPackage(name: string): string[] {
  return Object.keys(bundledFiles).filter((file) => bundledFiles[file]?.package === name)
}

/** Adds a bundled file, and what it imports, to a root, unless it is there. */
export function addBundled(root: Root, file: string): void {
  const bundled = bundledFiles[file]
  if (!bundled || root.files.includes(file)) return
  root.files.push(file)
  for (const imported of bundled.imports) addBundled(root, imported)
  const namespace = root.define(bundled.package)
  const types = bundled.types() as Readonly<Record<string, AnyNestedObject>>
  namespace.addJSON(types)
  for (const name of Object.keys(types)) {
    const type = namespace.get(name)
    if (type) type.filename = file
  }
}

// Made of constants as far as its types are used, and the same for everyone.
let bundledRoot: Root | undefined

function typeOfBundled(name: string): Type {
  bundledRoot ??= newRoot()
  addFileOf(bundledRoot, name)
  return bundledRoot.lookupType(name)
}

function newRoot(): Root {
  const root = new (protobufLibrary().Root)()
  // What an `Any` holds is known by its name alone.
  completeLate(root, (name) => addFileOf(root, name))
  return root
}

/** Adds the file of a message, if it is bundled. */
function addFileOf(root: Root, name: string): void {
  const file = fileOf(name)
  if (file === undefined || root.files.includes(file)) return
  addBundled(root, file)
  root.resolveAll()
}

/** The bundled file that declares a message. */
function fileOf(name: string): string | undefined {
  const declares = ([, { package: pkg, types }]: [string, BundledFile]): boolean => {
    const [own = ''] = name.slice(pkg.length + 1).split('.')
    return name.startsWith(`${pkg}.`) && Object.hasOwn(types(), own)
  }
  return Object.entries(bundledFiles).find(declares)?.[0]
}

/** The codec of a message of the bundled files: `google.rpc.Status`. */
export function bundledCodec<T, Init = MessageInit<T>>(name: string): MessageCodec<T, Init> {
  return lazyCodec(name, () => typeOfBundled(name))
}
