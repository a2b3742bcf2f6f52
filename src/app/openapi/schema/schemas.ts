import type { OpenApiSchema } from '../document-types.js'
import type { EnumSchema, FieldSchema, MessageSchema, TypeReference } from '../kernel.js'
import { type MessageContext, messageObject } from './message-object.js'
import { describe, sorted } from './texts.js'
import { scalarSchema, wellKnownSchema } from './value-schema.js'

const ANY = 'google.protobuf.Any'

/** The schemas of a document: each type that is asked for, once, with all that it refers to. */
export class Schemas {
  readonly #schemas = new Map<string, OpenApiSchema>()
  readonly #context: MessageContext

  constructor(onWarning: (text: string) => void) {
    this.#context = { schemaOf: (type) => this.of(type), onWarning }
  }

  /** How messages are described. */
  get context(): MessageContext {
    return this.#context
  }

  /** The schema of a type: a reference, for messages and enums of contracts. */
  of(type: string | TypeReference): OpenApiSchema {
    if (typeof type === 'string') return scalarSchema(type)
    const { fullName } = type
    const wellKnown = wellKnownSchema(fullName)
    if (wellKnown && fullName !== ANY) return wellKnown
    if (!this.#schemas.has(fullName)) {
      // Types may recur: a reference to what is being described must find it there.
      this.#schemas.set(fullName, {})
      this.#schemas.set(fullName, wellKnown ?? this.#describe(type))
    }
    return refTo(fullName)
  }

  /** A message without some of its fields. */
  without(schema: MessageSchema, fields: ReadonlySet<FieldSchema>): OpenApiSchema {
    return messageObject(schema, this.#context, fields)
  }

  /** Adds a schema that no contract has; returns a reference to it. One of that name that is there stays. */
  add(name: string, make: () => OpenApiSchema): OpenApiSchema {
    if (!this.#schemas.has(name)) this.#schemas.set(name, make())
    return refTo(name)
  }

  /** A reference to `google.protobuf.Any`. */
  any(): OpenApiSchema {
    return this.add(ANY, () => wellKnownSchema(ANY) ?? {})
  }

  /** All of them, by name. */
  sorted(): Record<string, OpenApiSchema> {
    return sorted(this.#schemas)
  }

  #describe(type: TypeReference): OpenApiSchema {
    return type.kind === 'enum' ? enumObject(type.schema) : messageObject(type.schema, this.#context)
  }
}

function refTo(name: string): OpenApiSchema {
  return { $ref: `#/components/schemas/${name}` }
}

/** Servers write names, and read numbers too; a number that has no name is written as one. */
function enumObject({ values, comment, deprecated }: EnumSchema): OpenApiSchema {
  const lines = values.flatMap((value) => {
    const texts = [value.deprecated && 'deprecated', value.comment?.trim().replace(/\s*\n\s*/g, ' ')]
    const said = texts.filter((text) => text !== undefined && text !== false).join(': ')
    return said === '' ? [] : [`- \`${value.name}\`: ${said}`]
  })
  return {
    type: 'string',
    ...describe(comment, lines.join('\n')),
    ...(deprecated && { deprecated }),
    enum: values.map(({ name }) => name),
  }
}
