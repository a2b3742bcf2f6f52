import { enumProblems, messageProblems } from '../../message-check.js'
import {
  type EnumDescriptor,
  type FieldDescriptor,
  type MapKeyType,
  type MessageDescriptor,
  type NumberedOptions,
  packageParts,
  SCALAR_TYPES,
  WELL_KNOWN_TYPES,
} from '../../message-descriptor.js'
import { named } from '../../schema/named.js'
import { enumJson, fieldJson, numbered, spoken, type TypeJson } from './type-json.js'

/** A message with all that it refers to, as one tree of types by name. */
export class MessageGraph {
  readonly types: TypeJson = {}
  readonly problems: string[] = []
  usesWellKnown = false
  readonly #owners = new Map<string, object>()

  /** Adds a message once, and what it refers to. */
  add(message: MessageDescriptor): void {
    if (!this.#claim(message.name, message)) return
    this.#report(message, messageProblems(message))
    const json = Object.assign(this.#at(message.name, message), numbered(message))
    json.fields = {}
    json.oneofs = {}
    for (const field of message.fields) {
      json.fields[field.name] = fieldJson(field, this.#type(message, field))
      if (field.mapKey) this.#checkKey(message, field.name, field.mapKey)
      // A field with presence is the only case of a oneof of its own: that is how the library knows it.
      const oneof = field.oneof ?? (field.optional ? `_${field.name}` : undefined)
      if (oneof === undefined) continue
      const { oneof: cases = [] } = json.oneofs[oneof] ?? {}
      json.oneofs[oneof] = { ...spoken(message.oneofs?.[oneof] ?? {}), oneof: [...cases, field.name] }
    }
  }

  /** The name of a field's type, which is added if it is new. */
  #type(message: MessageDescriptor, field: FieldDescriptor): string {
    const type = typeof field.type === 'function' ? field.type() : field.type
    if (typeof type === 'string') {
      this.usesWellKnown ||= type.includes('.')
      if (!TYPES.has(type))
        this.#report(message, [`${field.name} has the type ${JSON.stringify(type)}, which there is not`])
      return type
    }
    if ('values' in type) return this.#enum(message, type)
    this.add(type)
    return `.${type.name}`
  }

  #enum(message: MessageDescriptor, type: EnumDescriptor): string {
    const fullName = type.fullName ?? `${message.name}.${type.name}`
    if (this.#claim(fullName, type)) {
      this.#report(message, enumProblems(type))
      const place = type.fullName === undefined ? { package: this.#packageOf(message) } : type
      Object.assign(this.#at(fullName, place), enumJson(type))
    }
    return `.${fullName}`
  }

  #packageOf({ name, package: given }: MessageDescriptor): string {
    return name.split('.').slice(0, packageParts(name, given)).join('.')
  }

  #checkKey(message: MessageDescriptor, field: string, type: MapKeyType): void {
    if (!KEYS.has(type))
      this.#report(message, [`${field} has keys of the type ${JSON.stringify(type)}, which keys cannot have`])
  }

  /** True if a name is new; reports it if it names something else already. */
  #claim(name: string, owner: object): boolean {
    const present = this.#owners.get(name)
    if (present === undefined) this.#owners.set(name, owner)
    else if (present !== owner) this.problems.push(`two types are called ${name}`)
    return present === undefined
  }

  /** Where a type goes: what is between it and its package are messages, which may be added yet. */
  #at(fullName: string, { package: given }: Pick<NumberedOptions, 'package'>): TypeJson {
    let at = this.types
    const parts = fullName.split('.')
    const top = packageParts(fullName, given)
    for (const [index, name] of parts.entries()) {
      at.nested ??= named()
      at.nested[name] ??= {}
      at = at.nested[name]
      if (index >= top && index < parts.length - 1) at.fields ??= {}
    }
    return at
  }

  #report(message: MessageDescriptor, problems: readonly string[]): void {
    this.problems.push(...problems.map((problem) => `${message.name}: ${problem}`))
  }
}

const TYPES: ReadonlySet<string> = new Set([...SCALAR_TYPES, ...WELL_KNOWN_TYPES])
const KEYS: ReadonlySet<string> = new Set(SCALAR_TYPES.filter((type) => !['double', 'float', 'bytes'].includes(type)))
