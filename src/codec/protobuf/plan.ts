import type { Enum, Field, IType, ReflectionObject, Type } from 'protobufjs/light.js'
import { type MapKey, mapKeyOf } from './map-key.js'
import { lenientString, type Scalar, scalarOf } from './scalar.js'

/** One field, with everything decided that does not depend on a message. */
export interface FieldPlan {
  /** Property in TypeScript. */
  readonly name: string
  readonly id: number
  readonly repeated: boolean
  /** How the value is written; that of an enum is `int32`; `undefined` for a message. */
  readonly scalar: Scalar | undefined
  /** Type of the message, for message fields. */
  readonly message: Type | undefined
  /** The message is a group: between tags instead of after a length. */
  readonly delimited: boolean
  /** Absent is different from the default. Always so for messages and members of a oneof. */
  readonly presence: boolean
  readonly required: boolean
  /** Written as one list of values; never so for text, bytes and messages. */
  readonly packed: boolean
  /** What the keys are, for map fields. */
  readonly key: MapKey | undefined
  /** The numbers of a closed enum: others are dropped when read. */
  readonly known: ReadonlySet<number> | undefined
}

/** A oneof: one property in TypeScript. */
export interface OneofPlan {
  readonly name: string
  readonly fields: readonly FieldPlan[]
}

/** What the properties of a message are. */
export interface MessagePlan {
  readonly typeName: string
  /** Fields outside of oneofs. */
  readonly fields: readonly FieldPlan[]
  readonly oneofs: readonly OneofPlan[]
}

/** Features of an object of a `.proto` file, resolved. The library keeps them to itself. */
interface Features {
  readonly enum_type?: 'OPEN' | 'CLOSED'
  readonly utf8_validation?: 'VERIFY' | 'NONE'
}

/** The features of an object, once everything is resolved. */
export const featuresOf = (object: ReflectionObject): Features =>
  (object as unknown as { _features: Features })._features

/** Reads a type once; throws if it refers to types that its root lacks, or has a field that no object can have. */
export function planOf(type: Type): MessagePlan {
  type.root.resolveAll()
  const oneofs = type.oneofsArray.filter((oneof) => !oneof.isProto3Optional)
  return {
    typeName: type.fullName.replace(/^\./, ''),
    fields: type.fieldsArray.filter((field) => !field.partOf || field.partOf.isProto3Optional).map(fieldPlan),
    oneofs: oneofs.map((oneof) => ({ name: oneof.name, fields: oneof.fieldsArray.map(fieldPlan) })),
  }
}

function fieldPlan(field: Field): FieldPlan {
  // Setting this property would change what the message is.
  if (field.name === '__proto__') throw new Error(`${field.fullName} cannot be a property`)
  const resolved = field.resolve().resolvedType
  const verify = featuresOf(field).utf8_validation !== 'NONE'
  const text = (scalar: Scalar | undefined): Scalar | undefined =>
    scalar?.name === 'string' && !verify ? lenientString : scalar
  const message = resolved && 'fields' in resolved ? resolved : undefined
  const enumeration = resolved && !message ? (resolved as Enum) : undefined
  const scalar = message ? undefined : text(scalarOf(enumeration ? 'int32' : field.type))
  const keyScalar = 'keyType' in field ? text(scalarOf(field.keyType as string)) : undefined
  return {
    name: field.name,
    id: field.id,
    repeated: field.repeated,
    scalar,
    message,
    delimited: isDelimited(field),
    presence: Boolean(field.hasPresence) || (message !== undefined && !field.repeated && !field.map),
    required: field.required,
    packed: field.packed && scalar !== undefined && scalar.wireType !== 2,
    key: keyScalar && mapKeyOf(keyScalar),
    known: enumeration && closedNumbers(enumeration),
  }
}

/**
 * True of a message that is written between tags. Not of values of maps, whatever their file says; and of what has the type
 * of a group, only of the field that declares it, which is named after it.
 */
export function isDelimited(field: Field): boolean {
  if (!field.delimited || field.map) return false
  const { name, group } = field.resolvedType as Type & IType
  return group !== true || field.name.toLowerCase() === name.toLowerCase()
}

function closedNumbers(enumeration: Enum): ReadonlySet<number> | undefined {
  if (featuresOf(enumeration).enum_type !== 'CLOSED') return undefined
  return new Set(Object.values(enumeration.values))
}

/** Number and wire type of a field: what is written in front of a value of it. */
export function tagOf(field: FieldPlan, wireType = field.scalar?.wireType ?? (field.delimited ? 3 : 2)): number {
  return ((field.id << 3) | wireType) >>> 0
}
