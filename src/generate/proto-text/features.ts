import type { EnumSchema, FieldSchema } from '../../codec/schema/schema.js'
import type { ContractFile } from '../../service/proto-schema/proto-schema.js'
import { fieldsOf } from '../proto/option-type.js'

/** Features of an edition that are not as the edition has them, by name. */
export type FeatureSet = Readonly<Record<string, string>>

/** Editions say in features what `proto2` and `proto3` say in keywords. */
export function hasFeatures(edition: string): boolean {
  return edition !== 'proto2' && edition !== 'proto3'
}

/** What a field does otherwise than its edition has it. */
export function fieldFeatures(field: FieldSchema, inOneof = false): FeatureSet {
  const { required, presence, shape, packed, delimited } = field
  const features: Record<string, string> = {}
  if (required) features.field_presence = 'LEGACY_REQUIRED'
  else if (shape === 'singular' && !inOneof && !presence && !isMessage(field)) features.field_presence = 'IMPLICIT'
  if (shape === 'list' && isPackable(field) && packed === false) features.repeated_field_encoding = 'EXPANDED'
  if (delimited && shape !== 'map') features.message_encoding = 'DELIMITED'
  return features
}

/** What an enum does otherwise than its edition has it. */
export function enumFeatures({ closed }: EnumSchema): FeatureSet {
  return closed ? { enum_type: 'CLOSED' } : {}
}

/** What all of a file does otherwise than its edition has it, wherever it can be told: said once, in front. */
export function fileFeatures({ edition, messages, enums, extensions = [] }: ContractFile): FeatureSet {
  if (!hasFeatures(edition)) return {}
  const plain = messages.flatMap(({ members }) =>
    members.flatMap((member) => (member.kind === 'field' ? [member] : [])),
  )
  const all = [...messages.flatMap(fieldsOf), ...extensions]
  const seen: Readonly<Record<string, readonly FeatureSet[]>> = {
    field_presence: [
      ...plain.filter((field) => field.shape === 'singular' && !isMessage(field) && !field.required),
      ...extensions,
    ].map((field) => fieldFeatures(field)),
    repeated_field_encoding: all
      .filter((field) => field.shape === 'list' && isPackable(field))
      .map((field) => fieldFeatures(field)),
    message_encoding: all.filter(isMessage).map((field) => fieldFeatures(field)),
    enum_type: enums.map(enumFeatures),
  }
  const agreed = Object.entries(seen).flatMap(([name, sets]) => {
    const values = new Set(sets.map((set) => set[name]))
    const [value] = values
    return values.size === 1 && value !== undefined ? [[name, value] as const] : []
  })
  return Object.fromEntries(agreed)
}

/** Features that must be said of a declaration, because the file does not say them. */
export function ownFeatures(features: FeatureSet, file: FeatureSet): FeatureSet {
  const own = Object.entries(features).filter(([name, value]) => file[name] !== value)
  return Object.fromEntries(own.map(([name, value]) => [`features.${name}`, value]))
}

function isMessage({ type }: FieldSchema): boolean {
  return typeof type === 'object' && type.kind === 'message'
}

function isPackable({ type }: FieldSchema): boolean {
  return typeof type === 'object' ? type.kind === 'enum' : type !== 'string' && type !== 'bytes'
}
