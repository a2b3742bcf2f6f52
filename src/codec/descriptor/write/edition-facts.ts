import { type EditionFeatures, hasFeatures, saidFeatures } from '../../schema/features.js'
import type { TypeFile } from '../../schema/schema.js'
import { Edition } from '../field-type.js'

/** How a file says what its fields are. */
export interface EditionFacts extends EditionFeatures {
  /** False of proto2 and proto3, which have words for it instead of features. */
  readonly isEdition: boolean
}

/** The edition of a file, and the features that it was given. */
export function editionFacts({ edition, options }: Pick<TypeFile, 'edition' | 'options'>): EditionFacts {
  return { edition, isEdition: hasFeatures(edition), features: saidFeatures(options) }
}

/** The number of an edition, where the file has one. */
export function editionNumber({ edition, isEdition }: EditionFacts): number | undefined {
  return isEdition ? (Edition[edition as keyof typeof Edition] ?? Number(edition)) : undefined
}
