import type { OpenApiSchema } from '../document-types.js'
import { type FieldSchema, type MessageSchema, type OneofSchema, type Options, readRules } from '../kernel.js'
import { behaviorOf } from './field-behavior.js'
import { isDemanded } from './field-rules.js'
import { fieldSchema, type SchemaOf } from './field-schema.js'
import { describe } from './texts.js'

/** How messages are described. */
export interface MessageContext {
  readonly schemaOf: SchemaOf
  readonly onWarning: (text: string) => void
}

/** The schema of a message as an object; without some of its fields, if it is said which. */
export function messageObject(
  schema: MessageSchema,
  context: MessageContext,
  without: ReadonlySet<FieldSchema> = new Set(),
): OpenApiSchema {
  const { members, comment, deprecated, fullName } = schema
  const onWarning = (text: string): void => context.onWarning(`${fullName}.${text}`)
  const places = fieldsIn(members).filter(({ field }) => !without.has(field))
  const properties = places.map(({ field, oneof }) => {
    const note = oneof && `At most one of ${caseNames(oneof)} is set.`
    return [field.jsonName, fieldSchema(field, { ...context, onWarning, note })] as const
  })
  const required = places
    .filter(({ field, oneof }) => isRequired(field, oneof ? undefined : schema))
    .map(({ field }) => field.jsonName)
  return {
    type: 'object',
    ...describe(comment),
    ...(deprecated && { deprecated }),
    ...(properties.length > 0 && { properties: Object.fromEntries(properties) }),
    ...(required.length > 0 && { required }),
    ...exclusion(members, without),
  }
}

/** A field and the oneof that it is a case of. */
interface Place {
  readonly field: FieldSchema
  readonly oneof: OneofSchema | undefined
}

/** The fields of a message, cases of oneofs among them. */
export function fieldsIn(members: MessageSchema['members']): Place[] {
  return members.flatMap((member): Place[] =>
    member.kind === 'oneof'
      ? member.fields.map((field) => ({ field, oneof: member }))
      : [{ field: member, oneof: undefined }],
  )
}

/** True if whoever writes the field's message has to set it. A case of a oneof has no `owner`. */
export function isRequired(field: FieldSchema, owner: MessageSchema | undefined): boolean {
  const behavior = behaviorOf(field)
  return (
    field.required || behavior.required || (owner !== undefined && !behavior.outputOnly && isDemanded(field, owner))
  )
}

function caseNames({ fields }: OneofSchema): string {
  return fields.map(({ jsonName }) => `\`${jsonName}\``).join(', ')
}

/**
 * That of the cases of a oneof one is set at most, and one at least where the contract says so. It stands behind a double `not`,
 * which validators keep to and generators of code pass over, so that what they make stays one plain object.
 */
function exclusion(members: MessageSchema['members'], without: ReadonlySet<FieldSchema>): OpenApiSchema {
  const denied = members.flatMap((member): OpenApiSchema[] => {
    if (member.kind === 'field' || member.fields.some((field) => without.has(field))) return []
    const demanded = isDemandedOneof(member.options)
    if (member.fields.length < 2 && !demanded) return []
    const cases = member.fields.map(({ jsonName }) => ({ required: [jsonName] }))
    return [{ not: { oneOf: demanded ? cases : [...cases, { not: { anyOf: cases } }] } }]
  })
  if (denied.length === 0) return {}
  return { not: denied.length === 1 ? denied[0] : { anyOf: denied } }
}

function isDemandedOneof(options: Options): boolean {
  try {
    return readRules(options, '(buf.validate.oneof)').required === true
  } catch {
    return false
  }
}
