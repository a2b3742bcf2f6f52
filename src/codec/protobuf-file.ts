import type { AnyNestedObject, ReflectionObject, Root } from 'protobufjs/light.js'
import type { MessageCodec } from './message-codec.js'
import type { MessageInit } from './message-init.js'
import { addBundled } from './protobuf/bundled/bundled-root.js'
import { protobufLibrary } from './protobuf/library/protobuf-library.js'
import { lazyCodec } from './protobuf.js'
import { notedFile } from './schema/describe-type.js'
import { saidFeatures } from './schema/features.js'
import { type FileFacts, noteFile } from './schema/file-facts.js'
import type { Options, TypeFile } from './schema/schema.js'

/** What a generated file says of its `.proto` file. */
export interface ProtoFileSource {
  /** As it is imported: `shop/v1/orders.proto`. */
  readonly name: string
  /** Package of its types; empty without one. */
  readonly package: string
  /** `proto3` by default. */
  readonly edition?: string | undefined
  /** Options of the file by name. */
  readonly options?: Options | undefined
  /** Names of the files that it imports for those who import it. */
  readonly publicImports?: readonly string[] | undefined
  /** Names of the files that it could be without, as far as it says. */
  readonly weakImports?: readonly string[] | undefined
  /** Names of the files that it imports for their options only. */
  readonly optionImports?: readonly string[] | undefined
  /** Files that its types refer to, or that declare its options: generated ones, and bundled ones by name. */
  readonly imports: readonly (ProtoFile | string)[]
  /** The types and extensions by name, as the protobuf library describes them in JSON. */
  types(): Readonly<Record<string, object>>
}

/** A `.proto` file in a program: what generated code makes its codecs of. */
export interface ProtoFile {
  readonly source: ProtoFileSource
  /** What it declares beside services. Put together when it is first used. */
  readonly schema: TypeFile
  /** The codec of a message of the file, by its full name. The types are put together when it is first used. */
  codec<T, Init = MessageInit<T>>(typeName: string): MessageCodec<T, Init>
}

/** Makes a file of its description. Called by generated code. */
export function protoFile(source: ProtoFileSource): ProtoFile {
  let root: Root | undefined
  const types = (): Root => {
    root ??= rootOf(source)
    return root
  }
  return {
    source,
    get schema() {
      return notedFile(types(), source.name) as TypeFile
    },
    codec: (typeName) => lazyCodec(typeName, () => types().lookupType(typeName)),
  }
}

function rootOf(source: ProtoFileSource): Root {
  const root = new (protobufLibrary().Root)()
  addFile(root, source)
  root.resolveAll()
  return root
}

function addFile(root: Root, source: ProtoFileSource): void {
  const { name, package: pkg, imports, types } = source
  if (root.files.includes(name)) return
  root.files.push(name)
  noteFile(root, name, factsOf(source))
  for (const imported of imports) {
    if (typeof imported === 'string') addBundled(root, imported)
    else addFile(root, imported.source)
  }
  const namespace = pkg === '' ? root : root.define(pkg)
  const own = types() as Record<string, AnyNestedObject>
  namespace.addJSON(own)
  for (const type of Object.keys(own)) {
    const added = namespace.get(type)
    if (!added) continue
    added.filename = name
    inheritFeatures(added, source)
  }
}

function factsOf({ package: pkg, edition = 'proto3', imports, ...source }: ProtoFileSource): FileFacts {
  const { options, publicImports, weakImports, optionImports = [] } = source
  const names = imports.map((imported) => (typeof imported === 'string' ? imported : imported.source.name))
  const own = names.filter((name) => !optionImports.includes(name))
  return { package: pkg, edition, options, imports: own, publicImports, weakImports, optionImports }
}

/** What stands at the top has the features of its file, but for those that it says itself: these are its options still. */
function inheritFeatures(added: ReflectionObject, { options }: ProtoFileSource): void {
  const features = saidFeatures(options)
  if (Object.keys(features).length === 0) return
  const own = added.options ?? {}
  added.parsedOptions = [own]
  added.options = { ...own, features: { ...features, ...saidFeatures(own) } }
}
