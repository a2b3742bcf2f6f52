import type { FieldSchema, MessageSchema, TypeReference } from '../../schema/schema.js'
import type { Check } from '../finding.js'
import type { Rules } from '../option/rules.js'

export interface CelSubject {
  readonly type: string | TypeReference | MessageSchema
  readonly shape: FieldSchema['shape']
  readonly mapKey: string | undefined
}

export function customCheck(_rules: Rules, _subject: CelSubject): Check | undefined {
  return undefined
}
