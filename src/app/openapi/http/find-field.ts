import type { FieldSchema, MessageSchema } from '../kernel.js'
import { fieldsIn } from '../schema/message-object.js'

/** The fields along a path of names, of contract or JSON; `undefined` if one is not there. */
export function fieldsAlong(schema: MessageSchema, path: readonly string[]): readonly FieldSchema[] | undefined {
  const found: FieldSchema[] = []
  let within: MessageSchema | undefined = schema
  for (const name of path) {
    const field: FieldSchema | undefined = within && fieldNamed(within, name)
    if (!field) return undefined
    found.push(field)
    within = field.shape === 'singular' ? messageOf(field) : undefined
  }
  return found
}

/** The field of a message that has a name, of contract or JSON. */
export function fieldNamed({ members }: MessageSchema, name: string): FieldSchema | undefined {
  return fieldsIn(members).find(({ field }) => field.protoName === name || field.jsonName === name)?.field
}

/** The message type of a field; `undefined` for scalars and enums. */
export function messageOf({ type }: FieldSchema): MessageSchema | undefined {
  return typeof type === 'object' && type.kind === 'message' ? type.schema : undefined
}

/** What fields of a message are called, by their path: dotted, in names of JSON. */
export function fieldNaming(schema: MessageSchema): (path: readonly string[]) => string {
  return (path) =>
    fieldsAlong(schema, path)
      ?.map(({ jsonName }) => jsonName)
      .join('.') ?? path.join('.')
}
