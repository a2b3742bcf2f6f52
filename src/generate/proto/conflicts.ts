import type { MessageCodec } from '../../codec/message-codec.js'
import type { EnumSchema, MessageSchema } from '../../codec/schema/schema.js'
import type { ServiceDefinition } from '../../service/definition.js'
import { fieldsOf } from './option-type.js'

/** Full names that mean one type here and another there: they cannot be in one contract. */
export function conflicts(services: readonly ServiceDefinition[], messages: readonly MessageCodec[]): string[] {
  const methods = services.flatMap((service) => Object.values(service.methods))
  const codecs: readonly MessageCodec[] = [
    ...messages,
    ...methods.flatMap(({ request, response }) => [request, response]),
  ]
  const seen = new Map<string, Set<string>>()
  const done = new Set<object>()
  const note = (type: MessageSchema | EnumSchema): void => {
    if (done.has(type)) return
    done.add(type)
    const forms = seen.get(type.fullName) ?? new Set()
    const form = 'values' in type ? enumForm(type) : messageForm(type)
    // A message without fields may be there for what is nested in it only.
    if (form !== '') seen.set(type.fullName, forms.add(form))
    if ('values' in type) return
    for (const field of fieldsOf(type)) if (typeof field.type === 'object') note(field.type.schema)
  }
  for (const { schema } of codecs) if (schema) note(schema)
  return [...seen].filter(([, forms]) => forms.size > 1).map(([name]) => `two types are called ${name}, and differ`)
}

function messageForm(message: MessageSchema): string {
  return fieldsOf(message)
    .map(({ protoName, no, type, shape, mapKey, presence, jsonName }) =>
      [protoName, no, typeof type === 'string' ? type : type.fullName, shape, mapKey, presence, jsonName].join(' '),
    )
    .sort()
    .join()
}

function enumForm({ values }: EnumSchema): string {
  return values
    .map(({ name, number }) => `${name} ${number}`)
    .sort()
    .join()
}
