import type { TypeReference } from '../codec/schema/schema.js'
import type { FileSchema } from '../service/proto-schema/proto-schema.js'
import { exportNames, fileExportName } from './export-names.js'
import { ModuleScope } from './module-scope.js'
import { importPath } from './output-path.js'

const CODEC = 'tierkit/codec'

/** Files whose types `tierkit/codec` has. */
const WELL_KNOWN = new Set(
  ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers'].map(
    (name) => `google/protobuf/${name}.proto`,
  ),
)

/** True if no code is written for a file, because `tierkit/codec` has its types. */
export function isWellKnown(file: string): boolean {
  return WELL_KNOWN.has(file)
}

/** Names in the module of one `.proto` file: what it declares, and what it refers to, imported as need be. */
export class FileScope {
  readonly module: ModuleScope
  readonly #file: FileSchema
  readonly #extension: string
  readonly #names: ReadonlyMap<string, ReadonlyMap<string, string>>

  /** `extension` is what imports of generated files end with: `.js`. */
  constructor(file: FileSchema, files: readonly FileSchema[], extension: string) {
    this.#file = file
    this.#extension = extension
    this.#names = new Map(files.map((one) => [one.name, exportNames(one)]))
    this.module = new ModuleScope([...(this.#names.get(file.name)?.values() ?? []), fileExportName(file.name)])
  }

  /** What a declaration of this file is exported as. */
  exported(fullName: string): string {
    return this.#names.get(this.#file.name)?.get(fullName) ?? fullName
  }

  /** The type of messages or of an enum. */
  type(reference: TypeReference): string {
    return this.#refer(reference, 'type')
  }

  /** The codec of a message. */
  codec(reference: TypeReference): string {
    return this.#refer(reference, 'value')
  }

  /** The file object of another file; for a file without code its name, in quotes. */
  file(name: string): string {
    if (isWellKnown(name)) return `'${name}'`
    return this.module.value(importPath(this.#file.name, name, this.#extension), fileExportName(name))
  }

  #refer({ file, fullName, path }: TypeReference, use: 'type' | 'value'): string {
    if (file === this.#file.name) return this.exported(fullName)
    if (isWellKnown(file)) return this.module[use](CODEC, path.join('_'))
    const name = this.#names.get(file)?.get(fullName) ?? path.join('_')
    return this.module[use](importPath(this.#file.name, file, this.#extension), name)
  }
}
