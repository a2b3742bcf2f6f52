import {
  enumFeatures,
  type FeatureSet,
  fieldFeatures,
  hasFeatures,
  isMessage,
  isPackable,
  saidFeatures,
  unsaidFeatures,
} from '../../codec/schema/features.js'
import type { FieldSchema, Options } from '../../codec/schema/schema.js'
import type { ContractFile } from '../../service/proto-schema/proto-schema.js'
import { fieldsOf } from '../proto/option-type.js'

/** What all of a file does otherwise than its edition has it and says nowhere, wherever it can be told: said once, in front. */
export function fileFeatures(file: ContractFile): FeatureSet {
  const { edition, messages, enums, extensions = [] } = file
  if (!hasFeatures(edition)) return {}
  const said = saidFeatures(file.options)
  const plain = messages.flatMap(({ members }) =>
    members.flatMap((member) => (member.kind === 'field' ? [member] : [])),
  )
  const all = [...messages.flatMap(fieldsOf), ...extensions]
  const ofField = (field: FieldSchema): FeatureSet => unsaidFeatures(fieldFeatures(field), field.options, said)
  const seen: Readonly<Record<string, readonly FeatureSet[]>> = {
    field_presence: [
      ...plain.filter((field) => field.shape === 'singular' && !isMessage(field) && !field.required),
      ...extensions,
    ].map(ofField),
    repeated_field_encoding: all.filter((field) => field.shape === 'list' && isPackable(field)).map(ofField),
    message_encoding: all.filter((field) => isMessage(field) && field.shape !== 'map').map(ofField),
    enum_type: enums.map((type) => unsaidFeatures(enumFeatures(type), type.options, said)),
  }
  const agreed = Object.entries(seen).flatMap(([name, sets]) => {
    const values = new Set(sets.map((set) => set[name]))
    const [value] = values
    return values.size === 1 && value !== undefined ? [[name, value] as const] : []
  })
  return Object.fromEntries(agreed)
}

/** Options with each feature as one of its own: `features.enum_type`. */
export function withFeaturesApart({ features, ...options }: Options): Options {
  if (features === undefined) return options
  const apart = Object.entries(saidFeatures({ features })).map(([name, value]) => {
    return [`features.${name.replace(/^\[(.*)\]$/, '($1)')}`, value] as const
  })
  return { ...options, ...Object.fromEntries(apart) }
}
