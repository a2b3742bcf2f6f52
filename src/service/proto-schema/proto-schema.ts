import type { MethodFacts } from '../proto/method-facts.js'

/** What `.proto` files say, as plain objects: for those who write code or documents from them. */
export interface FileSchema {
  /** As it is imported: `shop/v1/orders.proto`. */
  readonly name: string
  /** Package of its types; empty without one. */
  readonly package: string
  /** In order of declaration, a message before those nested in it. */
  readonly messages: readonly MessageSchema[]
  readonly enums: readonly EnumSchema[]
  readonly services: readonly ServiceSchema[]
  /** Its types by name, in the form that `protoFile` takes. */
  readonly types: Readonly<Record<string, object>>
}

/** What every declaration has. */
export interface Declaration {
  /** Comment in front of it or behind it; `undefined` without one. */
  readonly comment: string | undefined
  readonly deprecated: boolean
}

/** A message type or an enum, where it is referred to. */
export interface TypeReference {
  readonly kind: 'message' | 'enum'
  /** Name of the file that declares it. */
  readonly file: string
  readonly fullName: string
  /** Names from the package down: `['Order', 'Item']`. */
  readonly path: readonly string[]
}

/** A message type, without those nested in it. */
export interface MessageSchema extends Declaration {
  readonly fullName: string
  /** Names from the package down: `['Order', 'Item']`. */
  readonly path: readonly string[]
  /** In order of declaration; a oneof where its first field is. */
  readonly members: readonly (FieldSchema | OneofSchema)[]
}

/** A field of a message, or a case of a oneof. */
export interface FieldSchema extends Declaration {
  readonly kind: 'field'
  /** Property of the message. */
  readonly name: string
  /** Scalar type by its name in the file, or a reference. Of a list or map, that of its values. */
  readonly type: string | TypeReference
  readonly shape: 'singular' | 'list' | 'map'
  /** Absent when it is not set. */
  readonly presence: boolean
}

/** A choice of fields: one property, with the case and its value. */
export interface OneofSchema extends Declaration {
  readonly kind: 'oneof'
  /** Property of the message. */
  readonly name: string
  readonly fields: readonly FieldSchema[]
}

/** An enum. */
export interface EnumSchema extends Declaration {
  readonly fullName: string
  readonly path: readonly string[]
  readonly values: readonly EnumValueSchema[]
}

/** A value of an enum. */
export interface EnumValueSchema extends Declaration {
  /** As in the file: `COLOR_RED`. */
  readonly name: string
  readonly number: number
}

/** A service. */
export interface ServiceSchema extends Declaration {
  readonly fullName: string
  readonly name: string
  readonly methods: readonly MethodSchema[]
}

/** A method of a service. */
export interface MethodSchema extends Declaration, MethodFacts {
  readonly request: TypeReference
  readonly response: TypeReference
}
