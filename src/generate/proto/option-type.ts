import { bundledExtensionFiles, bundledMessage } from '../../codec/descriptor/write/bundled-schemas.js'
import { bundledCodec, isBundled } from '../../codec/protobuf/bundled/bundled-root.js'
import type { FieldSchema, MessageSchema, TypeFile, TypeReference } from '../../codec/schema/schema.js'

/** What a value of an option can be: a scalar type by name, a type, or not known. */
export type OptionType = string | TypeReference | EntryType | undefined

/** What an entry of a map is. */
interface EntryType {
  readonly kind: 'message'
  readonly schema: Pick<MessageSchema, 'members'>
}

/** An option of contracts that a file declares. */
export interface KnownOption {
  readonly type: OptionType
  /** The file to import for it. */
  readonly file: string
  readonly list?: boolean
}

const VALIDATE = 'buf/validate/validate.proto'
const RULES: Readonly<Record<string, string>> = { field: 'Field', message: 'Message', oneof: 'Oneof' }

/** What has options that need no extension. One of a name has one type wherever it is. */
const KINDS = ['File', 'Message', 'Field', 'Oneof', 'Enum', 'EnumValue', 'Service', 'Method', 'ExtensionRange']

/** Options of contracts by name: those of Google's and Buf's, and those that files declare. */
export class OptionTypes {
  readonly #known = new Map<string, KnownOption>()

  constructor(files: readonly TypeFile[]) {
    const all = [...bundledExtensionFiles(), ...files.flatMap((file) => [file, ...(file.optionFiles ?? [])])]
    for (const { name, extensions = [] } of all)
      for (const { fullName, type, shape } of extensions)
        this.#known.set(fullName, { type, file: name, list: shape === 'list' })
  }

  /** An option by its name in brackets; `undefined` if it is not known. */
  find(option: string): KnownOption | undefined {
    const name = option.replace(/^[([]\.?|[)\]].*$/g, '')
    if (name === 'google.api.http') return { type: undefined, file: 'google/api/annotations.proto' }
    if (name === 'google.api.field_behavior') return { type: 'enum', file: 'google/api/field_behavior.proto' }
    const rules = /^buf\.validate\.(\w+)$/.exec(name)?.[1]
    const known = this.#known.get(name)
    if (known || rules === undefined) return known
    return { type: bundledType(`buf.validate.${RULES[rules] ?? ''}Rules`), file: VALIDATE }
  }

  /** The type of an option; `enum` where only names are known to stand. */
  typeOf(option: string): OptionType {
    if (option.startsWith('(')) return this.find(option)?.type
    const [feature] = /\(.*\)$/.exec(option) ?? []
    if (option.startsWith('features.')) return feature === undefined ? 'enum' : this.find(feature)?.type
    const fields = KINDS.flatMap((kind) => fieldsOf(bundledMessage(`google.protobuf.${kind}Options`)))
    return fields.find(({ protoName }) => protoName === option)?.type
  }
}

function bundledType(fullName: string): TypeReference | undefined {
  if (!isBundled(VALIDATE)) return undefined
  const schema = bundledCodec(fullName).schema
  return schema && { kind: 'message', file: VALIDATE, fullName, path: schema.path, schema }
}

/** The type of a field of an option by its name in the file. */
export function fieldType(type: OptionType, name: string): OptionType {
  if (typeof type !== 'object' || type.kind !== 'message') return undefined
  const field = fieldsOf(type.schema).find(({ protoName }) => protoName === name)
  return field?.mapKey === undefined ? field?.type : entryType(field, field.mapKey)
}

function entryType(field: FieldSchema, mapKey: string): EntryType {
  const value: FieldSchema = { ...field, protoName: 'value', shape: 'singular', mapKey: undefined }
  return { kind: 'message', schema: { members: [{ ...value, protoName: 'key', type: mapKey }, value] } }
}

/** All fields of a message, those of oneofs too. */
export function fieldsOf({ members }: Pick<MessageSchema, 'members'>): FieldSchema[] {
  return members.flatMap((member) => (member.kind === 'oneof' ? member.fields : [member]))
}
