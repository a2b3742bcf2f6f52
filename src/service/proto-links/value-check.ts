import type { Enum, Field, Type } from 'protobufjs'
import { types } from 'protobufjs'
import { scalarProblem } from '../proto-check/check-literal.js'
import type { Finding } from '../proto-check/finding.js'
import type { LiteralField, OptionLiteral } from '../proto-syntax/syntax.js'
import { type Declarations, isExtension, isMessage, isType, nameOf } from './declarations.js'

/** Finds values that an option cannot have. */
export class ValueCheck {
  /** What the types of fields are looked up in. */
  readonly #types: Declarations
  /** What the extensions are looked up in that values have. */
  readonly #extensions: Declarations
  readonly #scope: string

  constructor(types: Declarations, extensions: Declarations, scope: string) {
    this.#types = types
    this.#extensions = extensions
    this.#scope = scope
  }

  /** What is wrong with the value of an option, or of a field in one; texts call it by the name. */
  check(field: Field, literal: OptionLiteral, name: string, inMessage = false): Finding[] {
    if (literal.kind === 'list')
      return field.repeated || field.map
        ? literal.items.flatMap((item) => this.check(field, item, name, inMessage))
        : [{ at: literal.at, text: `${name} has one value, not a list` }]
    // Entries of maps are messages that no file declares.
    if (field.map) return literal.kind === 'message' ? [] : [expected(literal, name, 'a message in braces is expected')]
    const type = this.#typeOf(field)
    if (typeof type === 'string') {
      const problem = scalarProblem(type, { literal, inMessage })
      return problem === undefined ? [] : [expected(literal, name, problem)]
    }
    if (!type) return []
    if (!isMessage(type)) return this.#enumValue(type, literal, { name, inMessage })
    if (literal.kind !== 'message') return [expected(literal, name, 'a message in braces is expected')]
    return this.#fields(type, literal.fields)
  }

  #typeOf({ type, parent }: Field): Type | Enum | string | undefined {
    if (Object.hasOwn(types.basic, type)) return type
    return this.#types.find(type, parent?.fullName.slice(1) ?? '', isType)
  }

  #enumValue(
    type: Enum,
    literal: OptionLiteral,
    { name, inMessage }: { readonly name: string; readonly inMessage: boolean },
  ): Finding[] {
    if (literal.kind === 'word' && Object.hasOwn(type.values, literal.text)) return []
    if (literal.kind === 'word') return [{ at: literal.at, text: `${type.name} has no value ${literal.text}` }]
    if (inMessage && literal.kind === 'integer') return []
    return [expected(literal, name, `a value of ${type.name} is expected`)]
  }

  #fields(type: Type, fields: readonly LiteralField[]): Finding[] {
    const set = new Map<string, string>()
    return fields.flatMap(({ name, value }) => {
      // The URL of a type, in an Any.
      if (name.text.includes('/')) return []
      const field = name.isExtension
        ? this.#extensions.find(name.text, this.#scope, isExtension)
        : type.fieldsArray.find((one) => nameOf(one) === name.text || groupName(one) === name.text)
      if (!field) return [{ at: name.at, text: `${type.name} has no field ${name.text}` }]
      const { partOf } = field
      const key = partOf && !field.declaringField ? `oneof ${partOf.name}` : name.text
      const other = field.repeated || field.map ? undefined : set.get(key)
      set.set(key, name.text)
      if (other !== undefined && other !== name.text)
        return [{ at: name.at, text: `${other} is set already, of which and ${name.text} there can be one` }]
      if (other !== undefined) return [{ at: name.at, text: `${name.text} is set already` }]
      const held = name.isExtension ? new ValueCheck(this.#extensions, this.#extensions, this.#scope) : this
      return held.check(field, value, name.text, true)
    })
  }
}

/** Groups are set by the name of their type. */
function groupName({ type, name }: Field): string | undefined {
  return type.toLowerCase() === name.toLowerCase() ? type : undefined
}

function expected({ at }: OptionLiteral, name: string, text: string): Finding {
  return { at, text: `${name} cannot be that: ${text}` }
}
