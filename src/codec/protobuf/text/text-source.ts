import type { MapKey } from '../map-key.js'
import type { FieldPlan, OneofPlan } from '../plan.js'
import { getterSource } from '../property.js'
import type { WriteText } from './scalar-text.js'

/** A field, and how a value of it is written: by a function, or as a message. */
export interface TextField {
  readonly plan: FieldPlan
  readonly jsonName: string
  /** What writes a value; absent for a message. */
  readonly write: WriteText | undefined
  /** The oneof that it is in. */
  readonly oneof: string | undefined
}

/**
 * The source of what writes messages of one type as JSON text. Code of the type's own is fast for what is the same each
 * time: its properties, and its names with the punctuation around them. Names go into the source as JSON text only.
 */
export class TextSource {
  /** What the code calls the writers of values, keys of maps, and messages by: their places. */
  readonly writers: WriteText[] = []
  readonly keys: MapKey[] = []
  readonly messages: FieldPlan[] = []
  readonly #oneofs: readonly string[]
  readonly #statements: string[] = []
  readonly #functions: string[] = []

  constructor(oneofs: readonly OneofPlan[]) {
    this.#oneofs = oneofs.map(({ name }) => name)
    for (const [index, { name, fields }] of oneofs.entries()) {
      const cases = fields.map((field) => `case ${JSON.stringify(field.name)}:`).join(' ')
      this.#statements.push(`const chosen${index} = ${getterSource(name)}
        const case${index} = chosen${index} === undefined || chosen${index} === null ? undefined : chosen${index}.case
        if (chosen${index} !== undefined && chosen${index} !== null) switch (case${index}) { ${cases} break; default: refuse() }`)
    }
  }

  text(): string {
    return `(() => {
      const { writers, keys, messages, textOf, checkMessage, checkMap, keyText, refuse } = links
      ${this.writers.map((_, index) => `const write${index} = writers[${index}]`).join('\n')}
      ${this.#functions.join('\n')}
      return (message, depth) => {
        checkMessage(message, depth)
        let text = ''
        ${this.#statements.join('\n')}
        return text === '' ? '{}' : text + '}'
      }
    })()`
  }

  add(field: TextField): void {
    const { plan, oneof } = field
    if (oneof !== undefined) {
      this.#addMember(field, this.#oneofs.indexOf(oneof))
      return
    }
    const statements = plan.key ? this.#map(field, plan.key) : plan.repeated ? this.#list(field) : this.#single(field)
    const absent = plan.required ? 'else refuse()' : ''
    this.#statements.push(`{ const value = ${getterSource(plan.name)}
      if (value !== undefined && value !== null) { ${statements} } ${absent} }`)
  }

  #addMember(field: TextField, oneof: number): void {
    const write = this.#write(field, `chosen${oneof}.value`)
    this.#statements.push(`if (case${oneof} === ${JSON.stringify(field.plan.name)}) ${append(field, write)}`)
  }

  #single(field: TextField): string {
    const { presence, scalar } = field.plan
    const statement = append(field, this.#write(field, 'value'))
    return presence || !scalar ? statement : `if (${isSet(scalar.zero)}) ${statement}`
  }

  #list(field: TextField): string {
    return `if (!Array.isArray(value)) refuse()
      if (value.length > 0) {
        ${append(field, `'[' + ${this.#write(field, 'value[0]')}`)}
        for (let at = 1; at < value.length; at++) text += ',' + ${this.#write(field, 'value[at]')}
        text += ']'
      }`
  }

  #map(field: TextField, key: MapKey): string {
    const at = this.keys.push(key) - 1
    const entry = `keyText(keys[${at}], names[0]) + ':' + ${this.#write(field, 'value[names[0]]')}`
    return `checkMap(value)
      const names = Object.keys(value)
      if (names.length > 0) {
        ${append(field, `'{' + ${entry}`)}
        for (let at = 1; at < names.length; at++) text += ',' + ${entry.replaceAll('names[0]', 'names[at]')}
        text += '}'
      }`
  }

  /** An expression for the text of a value. */
  #write({ plan, write }: TextField, value: string): string {
    if (write) return `write${this.writers.push(write) - 1}(${value}, depth)`
    const at = this.messages.push(plan) - 1
    // The type is not compiled before it is needed: types may contain themselves.
    this.#functions.push(`let type${at}
      const message${at} = (value, depth) => {
        if (type${at} === undefined) type${at} = textOf(messages[${at}].message)
        return type${at}(value, depth)
      }`)
    return `message${at}(${value}, depth + 1)`
  }
}

/** A statement that appends a member to the text. */
function append({ jsonName }: TextField, value: string): string {
  const name = `${JSON.stringify(jsonName)}:`
  return `text += (text === '' ? ${JSON.stringify(`{${name}`)} : ${JSON.stringify(`,${name}`)}) + ${value}`
}

/** A condition: the value is not the default of its type. Minus zero is none, it must reach the other side. */
function isSet(zero: unknown): string {
  if (zero instanceof Uint8Array) return '!(value instanceof Uint8Array && value.length === 0)'
  if (zero === 0) return 'value !== 0 || 1 / value < 0'
  return `value !== ${typeof zero === 'bigint' ? `${zero}n` : JSON.stringify(zero)}`
}
