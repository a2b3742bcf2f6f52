import type { TypeReference } from '../../codec/schema/schema.js'
import type { FileSchema } from '../../service/proto-schema/proto-schema.js'
import { type ExportNames, exportNames, fileExportName } from './export-names.js'
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
  readonly #names: ReadonlyMap<string, ExportNames>

  /** `extension` is what imports of generated files end with: `.js`. `names` are those of all files that have code. */
  constructor(file: FileSchema, names: ReadonlyMap<string, ExportNames>, extension: string) {
    this.#file = file
    this.#extension = extension
    this.#names = names
    const { declared, inits, errors } = this.#own()
    const own = [...declared.values(), ...inits.values(), ...errors.values()]
    this.module = new ModuleScope([...own, fileExportName(file.name)])
  }

  /** What a declaration of this file is exported as. */
  exported(fullName: string): string {
    return this.#own().declared.get(fullName) ?? fullName
  }

  /** What the type of a message of this file, as it is written, is exported as. */
  exportedInit(fullName: string): string {
    return this.#own().inits.get(fullName) ?? fullName
  }

  /** What the errors of an enum of this file are exported as. */
  errors(fullName: string): string {
    return this.#own().errors.get(fullName) ?? `${fullName}Errors`
  }

  /** The type of messages or of an enum. */
  type(reference: TypeReference): string {
    return this.#refer(reference, 'type')
  }

  /** The type of messages as they are written, or of an enum. */
  init(reference: TypeReference): string {
    const { file, fullName, kind } = reference
    if (kind === 'enum') return this.type(reference)
    if (isWellKnown(file)) return `${this.module.type(CODEC, 'MessageInit')}<${this.type(reference)}>`
    const name = this.#names.get(file)?.inits.get(fullName) ?? `${fullName}Init`
    return file === this.#file.name ? name : this.module.type(this.#path(file), name)
  }

  /** The codec of a message. */
  codec(reference: TypeReference): string {
    return this.#refer(reference, 'value')
  }

  /** The file object of another file; for a file without code its name, in quotes. */
  file(name: string): string {
    return this.#names.has(name) ? this.module.value(this.#path(name), fileExportName(name)) : `'${name}'`
  }

  #refer({ file, fullName, path }: TypeReference, use: 'type' | 'value'): string {
    if (file === this.#file.name) return this.exported(fullName)
    if (isWellKnown(file)) return this.module[use](CODEC, path.join('_'))
    return this.module[use](this.#path(file), this.#names.get(file)?.declared.get(fullName) ?? path.join('_'))
  }

  #own(): ExportNames {
    return this.#names.get(this.#file.name) ?? exportNames(this.#file)
  }

  #path(file: string): string {
    return importPath(this.#file.name, file, this.#extension)
  }
}
