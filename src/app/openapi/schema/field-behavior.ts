import type { OpenApiSchema } from '../document-types.js'
import type { FieldSchema } from '../kernel.js'

/** What `google.api.field_behavior` says of a field. */
export interface FieldBehavior {
  readonly required: boolean
  /** Only servers set it. */
  readonly outputOnly: boolean
  readonly keywords: OpenApiSchema
}

/** Reads `google.api.field_behavior` of a field. */
export function behaviorOf({ options }: FieldSchema): FieldBehavior {
  const said = [options['(google.api.field_behavior)'] ?? []].flat()
  const has = (name: string, number: number): boolean => said.some((one) => one === name || one === number)
  const outputOnly = has('OUTPUT_ONLY', 3)
  const inputOnly = has('INPUT_ONLY', 4)
  return {
    required: has('REQUIRED', 2),
    outputOnly,
    keywords: { ...(outputOnly && { readOnly: true }), ...(inputOnly && { writeOnly: true }) },
  }
}
