import type { DeclarationOptions } from '../../codec/message-descriptor.js'
import type { FieldOptions, FieldType } from './field-type.js'

/** What was said of one field. */
export interface FieldSpec {
  readonly no: number
  /** Left out: what the compiler emitted for the property, in legacy mode with `emitDecoratorMetadata`. */
  readonly type: FieldType | undefined
  readonly options: FieldOptions
}

/** What was said of a oneof. */
export interface OneofSpec {
  /** Fields by the name of their case. */
  readonly cases: Readonly<Record<string, { readonly spec: MemberSpec }>>
  /** What is said of it. */
  readonly said?: DeclarationOptions | undefined
}

/** What was said of one property of a message. */
export type MemberSpec = FieldSpec | OneofSpec

/** Properties of a message, in order. */
export type MemberSpecs = ReadonlyMap<string, MemberSpec>
