import type { EnumSchema, FieldSchema, Options, OptionValue } from './schema.js'

/** Features of an edition by name, with the names of their values. */
export type FeatureSet = Readonly<Record<string, OptionValue>>

/** Editions say in features what `proto2` and `proto3` say in keywords. */
export function hasFeatures(edition: string): boolean {
  return edition !== 'proto2' && edition !== 'proto3'
}

/** The features that a declaration, or a file, was given by name. */
export function saidFeatures({ features }: Options = {}): FeatureSet {
  return typeof features === 'object' && !Array.isArray(features) ? (features as FeatureSet) : {}
}

/** What a field does otherwise than its edition has it. */
export function fieldFeatures(field: FieldSchema, inOneof = false): FeatureSet {
  const { required, presence, shape, packed, delimited } = field
  const features: Record<string, string> = {}
  if (required) features.field_presence = 'LEGACY_REQUIRED'
  else if (shape === 'singular' && !inOneof && !presence && !isMessage(field)) features.field_presence = 'IMPLICIT'
  if (shape === 'list' && isPackable(field) && packed === false) features.repeated_field_encoding = 'EXPANDED'
  if (delimited) features.message_encoding = 'DELIMITED'
  return features
}

/** What an enum does otherwise than its edition has it. */
export function enumFeatures({ closed }: Pick<EnumSchema, 'closed'>): FeatureSet {
  return closed ? { enum_type: 'CLOSED' } : {}
}

/** Edition and features of a file. */
export interface EditionFeatures {
  readonly edition: string
  readonly features: FeatureSet
}

/** Options of a declaration with those of its features that neither it nor its file says. */
export function withFeatures(options: Options, features: FeatureSet, file: EditionFeatures): Options {
  const unsaid = hasFeatures(file.edition) ? unsaidFeatures(features, options, file.features) : {}
  return Object.keys(unsaid).length === 0 ? options : { ...options, features: { ...saidFeatures(options), ...unsaid } }
}

/** Those of the features of a declaration that neither it nor its file says. */
export function unsaidFeatures(features: FeatureSet, options: Options, file: FeatureSet): FeatureSet {
  const own = saidFeatures(options)
  return Object.fromEntries(
    Object.entries(features).filter(([name, value]) => own[name] === undefined && file[name] !== value),
  )
}

/** True of a field whose type is a message. */
export function isMessage({ type }: Pick<FieldSchema, 'type'>): boolean {
  return typeof type === 'object' && type.kind === 'message'
}

/** True of lists that can be written as one value. */
export function isPackable({ type }: Pick<FieldSchema, 'type'>): boolean {
  return typeof type === 'object' ? type.kind === 'enum' : type !== 'string' && type !== 'bytes'
}
