/** The value of an option: as in the file, messages as objects with field names of the file, a repeated one as a list. */
export type OptionValue = string | number | boolean | readonly OptionValue[] | { readonly [name: string]: OptionValue }

/** Options by name, extensions in brackets: `{ '(buf.validate.field)': { string: { min_len: 3 } } }`. */
export type Options = Readonly<Record<string, OptionValue>>

/** What every declaration of a contract has. */
export interface Declaration {
  /** Comment in front of it or behind it; `undefined` without one. */
  readonly comment: string | undefined
  readonly deprecated: boolean
  /** Every option that was set, `deprecated` too. */
  readonly options: Options
}

/** A message type, where it is referred to. */
export interface MessageReference {
  readonly kind: 'message'
  /** Name of the file that declares it. */
  readonly file: string
  readonly fullName: string
  /** Names from the package down: `['Order', 'Item']`. */
  readonly path: readonly string[]
  /** Its own description. Types may recur. */
  readonly schema: MessageSchema
}

/** An enum, where it is referred to. */
export interface EnumReference {
  readonly kind: 'enum'
  readonly file: string
  readonly fullName: string
  readonly path: readonly string[]
  readonly schema: EnumSchema
}

/** A message type or an enum, where it is referred to. */
export type TypeReference = MessageReference | EnumReference

/** A message type, without those nested in it. The same type is the same object. */
export interface MessageSchema extends Declaration {
  readonly fullName: string
  /** Names from the package down: `['Order', 'Item']`. */
  readonly path: readonly string[]
  /** The file that declares it. */
  readonly declaredIn: TypeFile
  /** In order of declaration; a oneof where its first field is. */
  readonly members: readonly (FieldSchema | OneofSchema)[]
  /** Numbers and names that no field may have. */
  readonly reserved: Reserved
  /** Numbers that other files may add fields with. */
  readonly extensionRanges?: Reserved['numbers'] | undefined
  /** Options of ranges of such numbers, by the first of the range. */
  readonly extensionRangeOptions?: Readonly<Record<number, Options>> | undefined
  /** Whether other files may refer to it, where it says so: edition 2024. */
  readonly visibility?: Visibility | undefined
}

/** Whether other files may refer to a type. */
export type Visibility = 'export' | 'local'

/** What is reserved in a message or an enum. */
export interface Reserved {
  /** From the first to the last, which is included. */
  readonly numbers: readonly (readonly [first: number, last: number])[]
  readonly names: readonly string[]
}

/** A field of a message, or a case of a oneof. */
export interface FieldSchema extends Declaration {
  readonly kind: 'field'
  /** Property of the message. */
  readonly name: string
  /** As in the contract: `order_id`. */
  readonly protoName: string
  /** As in JSON: `orderId`. */
  readonly jsonName: string
  /** Number on the wire. */
  readonly no: number
  /** Scalar type by its name in the file, or a reference. Of a list or map, that of its values. */
  readonly type: string | TypeReference
  readonly shape: 'singular' | 'list' | 'map'
  /** Scalar type of the keys of a map. */
  readonly mapKey: string | undefined
  /** Absent when it is not set. Not so for a case of a oneof, which is or is not the one. */
  readonly presence: boolean
  /** Proto3: `optional` was written. Of a message it says nothing new: that can be absent without. */
  readonly optional?: boolean | undefined
  /** Proto2: it must be there. */
  readonly required: boolean
  /** A list that is written as one value, without a tag for each. */
  readonly packed?: boolean | undefined
  /** A message that is written between tags instead of behind its length: a group of proto2. */
  readonly delimited?: boolean | undefined
}

/** A field that a file adds to a message of another: an option of the contract, say. */
export interface ExtensionSchema extends FieldSchema {
  /** Full name of the message that it is added to: `google.protobuf.FieldOptions`. */
  readonly extendee: string
  /** Name of the file that declares that message. */
  readonly extendeeFile: string
  /** Its own full name: `acme.v1.note`. */
  readonly fullName: string
  /** Names from the package down; more than one where it stands in a message. */
  readonly path: readonly string[]
}

/** A choice of fields: one property, with the case and its value. */
export interface OneofSchema extends Declaration {
  readonly kind: 'oneof'
  /** Property of the message. */
  readonly name: string
  /** As in the contract: `contact_point`. */
  readonly protoName: string
  readonly fields: readonly FieldSchema[]
}

/** An enum. The same enum is the same object. */
export interface EnumSchema extends Declaration {
  readonly fullName: string
  readonly path: readonly string[]
  readonly declaredIn: TypeFile
  readonly values: readonly EnumValueSchema[]
  readonly reserved: Reserved
  /** It has no values but these: others are dropped when a message is read. */
  readonly closed?: boolean | undefined
  readonly visibility?: Visibility | undefined
}

/** A value of an enum. */
export interface EnumValueSchema extends Declaration {
  /** As in the file: `COLOR_RED`. */
  readonly name: string
  readonly number: number
}

/** The types of one `.proto` file, or of one package that was defined in code. */
export interface TypeFile {
  /** As it is imported: `shop/v1/orders.proto`. */
  readonly name: string
  /** Package of its types; empty without one. */
  readonly package: string
  /** `proto2`, `proto3`, or the edition: `2023`. */
  readonly edition: string
  /** Options of the file by name, extensions in brackets: `{ go_package: 'acme.dev/shop' }`. */
  readonly options?: Options | undefined
  /** Names of the files that it imports; `undefined` if it was defined in code. */
  readonly imports?: readonly string[] | undefined
  /** Those of `imports` that it imports for those who import it. */
  readonly publicImports?: readonly string[] | undefined
  /** Those of `imports` that it could be without, as far as it says. */
  readonly weakImports?: readonly string[] | undefined
  /** Names of the files that it imports for their options only, which are none of `imports`. */
  readonly optionImports?: readonly string[] | undefined
  /** The files that it imports, but for bundled ones. */
  readonly importedFiles?: readonly TypeFile[] | undefined
  /** In order of declaration, a message before those nested in it. */
  readonly messages: readonly MessageSchema[]
  readonly enums: readonly EnumSchema[]
  /** Fields that the file adds to messages, its own or of other files. */
  readonly extensions?: readonly ExtensionSchema[] | undefined
  /** Other files that were read with it and declare options of contracts. */
  readonly optionFiles?: readonly TypeFile[] | undefined
}
