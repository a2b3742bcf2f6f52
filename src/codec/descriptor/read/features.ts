import type { FeatureSet } from '../descriptor-options.js'

/** Names of the values of features by number, as in the file. */
const NAMES = {
  fieldPresence: ['field_presence', ['', 'EXPLICIT', 'IMPLICIT', 'LEGACY_REQUIRED']],
  enumType: ['enum_type', ['', 'OPEN', 'CLOSED']],
  repeatedFieldEncoding: ['repeated_field_encoding', ['', 'PACKED', 'EXPANDED']],
  utf8Validation: ['utf8_validation', ['', '', 'VERIFY', 'NONE']],
  messageEncoding: ['message_encoding', ['', 'LENGTH_PREFIXED', 'DELIMITED']],
  jsonFormat: ['json_format', ['', 'ALLOW', 'LEGACY_BEST_EFFORT']],
} as const

/** Features by name, those behind over those in front; `undefined` if none is set. */
export function featuresIn(...sets: readonly (FeatureSet | undefined)[]): Record<string, string> | undefined {
  const features: Record<string, string> = {}
  for (const set of sets) {
    for (const [property, [name, values]] of Object.entries(NAMES)) {
      const value = values[set?.[property as keyof typeof NAMES] ?? 0]
      if (value) features[name] = value
    }
  }
  return Object.keys(features).length > 0 ? features : undefined
}
