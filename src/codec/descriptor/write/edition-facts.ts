import type { FieldSchema } from '../../schema/schema.js'
import type { FeatureSet } from '../descriptor-options.js'
import { Edition } from '../field-type.js'

/** Features of a field, as far as schemas tell them. */
export type FieldFeatures = Partial<Omit<FeatureSet, 'unknown'>>

/** How a file of an edition says what its fields are. */
export interface EditionFacts {
  readonly name: string
  /** False of proto2 and proto3, which have words for it instead of features. */
  readonly isEdition: boolean
}

/** Reads the edition of a file: `proto2`, `proto3`, `2023`. */
export function editionFacts(name: string): EditionFacts {
  return { name, isEdition: name !== 'proto2' && name !== 'proto3' }
}

/** The number of an edition, where the file has one. */
export function editionNumber({ name, isEdition }: EditionFacts): number | undefined {
  return isEdition ? (Edition[name as keyof typeof Edition] ?? Number(name)) : undefined
}

/** The features of a field that differ from what an edition does by itself. */
export function featuresOf(field: FieldSchema, inOneof: boolean): FieldFeatures | undefined {
  const { shape, presence, required, packed, delimited, type } = field
  const scalar = typeof type === 'string' || type.kind === 'enum'
  const implicit = shape === 'singular' && scalar && !presence && !inOneof
  const expanded = shape === 'list' && scalar && isPackable(field) && packed === false
  const features: FieldFeatures = {
    ...(required ? { fieldPresence: 3 } : implicit ? { fieldPresence: 2 } : {}),
    ...(expanded && { repeatedFieldEncoding: 2 }),
    ...(delimited && { messageEncoding: 2 }),
  }
  return Object.keys(features).length > 0 ? features : undefined
}

/** True of lists that can be written as one value. */
export function isPackable({ type }: FieldSchema): boolean {
  return typeof type === 'string' ? type !== 'string' && type !== 'bytes' : type.kind === 'enum'
}
