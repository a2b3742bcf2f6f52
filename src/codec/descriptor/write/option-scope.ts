import { Writer } from '../../protobuf/wire/writer.js'
import type { ExtensionSchema, Options, OptionValue, TypeFile } from '../../schema/schema.js'
import { descriptorCodec } from '../descriptor-codec.js'
import type { Kept } from '../kept.js'
import { bundledExtensionFiles, bundledMessage } from './bundled-schemas.js'
import { type OptionSink, type WrittenField, writeOption } from './option-value.js'

/** An extension, and the file that declares it. */
interface Declared {
  readonly file: string
  readonly extension: ExtensionSchema
}

/** The extensions that options may be: those of bundled files, and of the files that are described. */
export class KnownExtensions {
  readonly #declared: ReadonlyMap<string, Declared>

  constructor(files: readonly TypeFile[]) {
    const all = [...bundledExtensionFiles(), ...files]
    const declared = all.flatMap(({ name, extensions = [] }) =>
      extensions.map((extension) => ({ file: name, extension })),
    )
    this.#declared = new Map(declared.map((one) => [one.extension.fullName, one]))
  }

  /** The extension that a name in a package means: `acme.v1.note`, or `note` in `acme.v1`. */
  find(name: string, pkg: string): Declared | undefined {
    const scopes = pkg === '' ? [] : pkg.split('.')
    const candidates = [...scopes.keys()].map((at) => [...scopes.slice(0, scopes.length - at), name].join('.'))
    for (const candidate of [...candidates, name]) {
      const declared = this.#declared.get(candidate)
      if (declared) return declared
    }
    return undefined
  }
}

/** Writes the options of one file, and notes the files whose extensions they are. */
export class OptionScope {
  /** Names of the files that are needed for options. */
  readonly files = new Set<string>()
  readonly #package: string
  readonly #known: KnownExtensions

  constructor(pkg: string, known: KnownExtensions) {
    this.#package = pkg
    this.#known = known
  }

  /**
   * Options as a message of a kind, `FieldOptions` say; `undefined` if there are none. Left out are those of extensions that
   * nobody has declared, and those whose values do not fit.
   */
  write<T extends Kept>(kind: string, options: Options): T | undefined {
    const parts: Uint8Array[] = []
    const { members } = bundledMessage(`google.protobuf.${kind}`)
    const own = members.flatMap((member) => (member.kind === 'oneof' ? [] : [member]))
    for (const [name, value] of Object.entries(options)) {
      const declared = this.#declared(name, kind)
      const field = declared?.extension ?? own.find(({ protoName }) => protoName === name)
      const bytes = field && this.#bytesOf(field, value)
      if (!bytes) continue
      parts.push(bytes)
      if (declared) this.files.add(declared.file)
    }
    const bytes = Buffer.concat(parts)
    return bytes.length > 0 ? descriptorCodec<T>(kind).decode(bytes) : undefined
  }

  #declared(name: string, kind: string): Declared | undefined {
    const [, extension] = /^\(\.?([\w.]+)\)$/.exec(name) ?? []
    const declared = extension === undefined ? undefined : this.#known.find(extension, this.#package)
    return declared?.extension.extendee === `google.protobuf.${kind}` ? declared : undefined
  }

  #bytesOf(field: WrittenField, value: OptionValue): Uint8Array | undefined {
    const writer = Writer.take()
    const files: string[] = []
    const extension: OptionSink['extension'] = (name, extendee) => {
      const declared = this.#known.find(name, this.#package)
      if (declared?.extension.extendee !== extendee) return undefined
      files.push(declared.file)
      return declared.extension
    }
    try {
      writeOption({ writer, extension }, field, value)
      for (const file of files) this.files.add(file)
      return writer.finish()
    } catch {
      return undefined
    } finally {
      writer.release()
    }
  }
}
