import { propertyOf } from '../../protobuf/property.js'
import type { FieldSchema, MessageSchema } from '../../schema/schema.js'
import { hasField } from '../has-field.js'

type Fields = Readonly<Record<string, unknown>>

/** A type of protobuf for expressions. */
export interface CelType {
  /** As the library writes it: `list<int>`. */
  readonly name: string
  /** A value of it for expressions; one that is not set is its default. */
  convert(value: unknown): unknown
}

/** A message as expressions see it: every field can be read, and asked for. */
export class CelMessage {
  readonly raw: Fields

  constructor(raw: unknown) {
    this.raw = (raw ?? {}) as Fields
  }

  /** True if a field is set; without presence, if it is not zero. */
  has(_name: string): boolean {
    return false
  }
}

/** The class of a message type for expressions, with the types of its fields by name. */
export interface CelMessageClass {
  readonly ctor: new (raw: unknown) => CelMessage
  readonly fields: Readonly<Record<string, string>>
}

/** Makes the class of a message type. `typeOf` says what its fields are. */
export function celMessageClass(schema: MessageSchema, typeOf: (field: FieldSchema) => CelType): CelMessageClass {
  const present = new Map<string, (raw: Fields) => boolean>()
  class Message extends CelMessage {
    override has(name: string): boolean {
      return present.get(name)?.(this.raw) ?? false
    }
  }
  const fields: Record<string, string> = {}
  const add = (field: FieldSchema, read: { get(raw: Fields): unknown; has(raw: Fields): boolean }): void => {
    const { protoName } = field
    // Names of what every object has would hide it.
    if (protoName in CelMessage.prototype || protoName === 'raw') return
    const made = typeOf(field)
    fields[protoName] = made.name
    present.set(protoName, read.has)
    Object.defineProperty(Message.prototype, protoName, {
      get(this: CelMessage) {
        return made.convert(read.get(this.raw))
      },
    })
  }
  for (const member of schema.members) {
    const { get } = propertyOf(member.name)
    if (member.kind === 'field') {
      add(member, { get, has: hasField(member, get) })
      continue
    }
    const chosen = (raw: Fields) => get(raw) as { readonly case?: string; readonly value?: unknown } | undefined
    for (const field of member.fields) {
      const has = (raw: Fields): boolean => chosen(raw)?.case === field.name
      add(field, { has, get: (raw) => (has(raw) ? chosen(raw)?.value : undefined) })
    }
  }
  return { ctor: Message, fields }
}
