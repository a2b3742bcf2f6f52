import {
  contractName,
  type DeclarationOptions,
  type EnumDescriptor,
  type FieldDescriptor,
  type NumberedOptions,
  type ReservedDescriptor,
} from '../../message-descriptor.js'
import type { Options } from '../../schema/schema.js'

/** A namespace, or a type in one, as the protobuf library reads it from JSON. */
export interface TypeJson extends Spoken {
  nested?: Record<string, TypeJson>
  fields?: Record<string, FieldJson>
  oneofs?: Record<string, OneofJson>
  values?: Readonly<Record<string, number>>
  comments?: Readonly<Record<string, string>>
  valuesOptions?: Readonly<Record<string, Options>>
  reserved?: readonly (readonly [number, number] | string)[]
}

/** What is said of a declaration. */
interface Spoken {
  comment?: string
  options?: Options
}

/** A oneof. */
export interface OneofJson extends Spoken {
  oneof: string[]
}

/** A field, or a map. */
export interface FieldJson extends Spoken {
  readonly type: string
  readonly id: number
  readonly protoName: string
  readonly jsonName?: string
  readonly rule?: 'repeated'
  readonly keyType?: string
}

/** Comment and options of a declaration, as far as it has them. */
export function spoken({ comment, deprecated, options }: DeclarationOptions, more: Options = {}): Spoken {
  const all = { ...options, ...(deprecated && { deprecated }), ...more }
  return { ...(comment !== undefined && { comment }), ...(Object.keys(all).length > 0 && { options: all }) }
}

/** Comment, options and what is reserved. */
export function numbered(
  type: NumberedOptions,
  more: Options = {},
): Pick<TypeJson, 'comment' | 'options' | 'reserved'> {
  const { reserved = [] } = type
  return { ...spoken(type, more), ...(reserved.length > 0 && { reserved: reserved.map(reservedJson) }) }
}

function reservedJson(one: ReservedDescriptor): readonly [number, number] | string {
  return typeof one === 'number' ? [one, one] : one
}

/** A field whose type has the name. */
export function fieldJson(field: FieldDescriptor, type: string): FieldJson {
  const { no, repeated, mapKey, optional, jsonName } = field
  const more = { ...(optional && { proto3_optional: true }), ...(jsonName !== undefined && { json_name: jsonName }) }
  return {
    type,
    id: no,
    protoName: contractName(field),
    ...(jsonName !== undefined && { jsonName }),
    ...(repeated && { rule: 'repeated' }),
    ...(mapKey && { keyType: mapKey }),
    ...spoken(field, more),
  }
}

/** An enum. */
export function enumJson(type: EnumDescriptor): TypeJson {
  const entries = Object.entries(type.values)
  const aliased = new Set(Object.values(type.values)).size < entries.length
  const said = entries.map(([name]) => [name, spoken(type.said?.[name] ?? {})] as const)
  const comments = said.flatMap(([name, { comment }]) => (comment === undefined ? [] : [[name, comment] as const]))
  const options = said.flatMap(([name, value]) => (value.options ? [[name, value.options] as const] : []))
  return {
    // The library takes the first for the default.
    values: Object.fromEntries(entries.sort(([, a], [, b]) => Number(b === 0) - Number(a === 0))),
    ...numbered(type, aliased ? { allow_alias: true } : {}),
    ...(comments.length > 0 && { comments: Object.fromEntries(comments) }),
    ...(options.length > 0 && { valuesOptions: Object.fromEntries(options) }),
  }
}
