import type { Type } from 'protobufjs/light.js'
import { type FieldPlan, type MessagePlan, tagOf } from '../plan.js'
import type { Fields } from '../property.js'
import type { Scalar } from '../scalar.js'
import { nameText } from '../wire/name-text.js'
import type { Reader } from '../wire/reader.js'
import { shortTexts } from '../wire/short-text.js'
import { fromSource } from './from-source.js'
import { assign, assignKey, sizeSource } from './value-source.js'

/** Reads fields from where the reader is up to the end. What the reader's own place and end are after that does not count. */
export type ReadFields = (message: Fields, reader: Reader, end: number) => void

/** What the code of a type calls. */
export interface ReadLinks {
  /** How messages of a type are made and read. */
  readerOf(type: Type): { readonly create: () => Fields; readonly read: ReadFields }
  /** What a map holds for a key without a value. */
  emptyValue(field: FieldPlan): unknown
  /** Reads what the code has no case for: the field that the reader is at. */
  other(message: Fields, reader: Reader): void
  /** Throws if the message that is read is inside of too many. */
  checkDepth(reader: Reader): void
  /** Throws if the type requires what a message lacks. */
  readonly checkRequired: ((message: Fields) => void) | undefined
}

/**
 * Reads fields by code of the type's own, made from source: engines make fast what is the same each time, the property that
 * is set and the function that is called, and in code that all types share neither is. It has cases for what messages
 * mostly hold. `undefined` where the process forbids code from strings.
 */
export function readFromSource(plan: MessagePlan, links: ReadLinks): ReadFields | undefined {
  const source = new ReadSource()
  for (const field of plan.fields) source.addProperty(field)
  for (const { name, fields } of plan.oneofs) for (const field of fields) source.addMember(name, field)
  return fromSource<ReadFields>(source.text(links), {
    ...links,
    put,
    nameText,
    fields: source.fields,
    texts: shortTexts,
  })
}

/** In one place for all maps: code that sees few of them is optimised for their keys, and starts over at each new one. */
function put(map: Fields, key: unknown, value: unknown): void {
  map[key as string] = value
}

/** True for what the code has cases for. */
function isPlain(field: FieldPlan, property: string): boolean {
  // What an inherited property holds is nothing that was read.
  return !field.delimited && field.known === undefined && !(property in Object.prototype)
}

/** The source of one type's code. What is in it of the type are numbers, and names as JSON text. */
class ReadSource {
  /** The fields that the code asks its links for, by index. */
  readonly fields: FieldPlan[] = []
  readonly #functions: string[] = []
  /** Code for the tags of each field number: numbers that are close are a table to the engine, which tags are not. */
  readonly #cases = new Map<number, string[]>()

  text({ checkRequired }: ReadLinks): string {
    return `(() => {
      const { other, put, nameText, fields, texts, checkDepth, checkRequired } = links
      ${this.#functions.join('\n')}
      return (message, reader, end) => {
        const { bytes } = reader
        let { at } = reader
        checkDepth(reader)
        while (at < end) {
          const start = at
          let tag = bytes[at++]
          ${longTag('tag', 'end')}
          switch (tag >>> 3) {
            ${[...this.#cases].map(([id, tags]) => `case ${id}: ${tags.join('\n')} break`).join('\n')}
          }
          reader.at = start
          reader.end = end
          other(message, reader)
          at = reader.at
        }
        ${checkRequired ? 'checkRequired(message)' : ''}
      }
    })()`
  }

  addProperty(field: FieldPlan): void {
    if (!isPlain(field, field.name)) return
    const property = `message[${JSON.stringify(field.name)}]`
    if (field.key) this.#addMap(field, property)
    else if (field.repeated) this.#addList(field, property)
    else this.#addCase(tagOf(field), this.#value(field, { target: property, present: property, end: 'end' }))
  }

  addMember(oneof: string, field: FieldPlan): void {
    if (!isPlain(field, oneof)) return
    const property = `message[${JSON.stringify(oneof)}]`
    const name = JSON.stringify(field.name)
    const present = `${property}?.case === ${name} ? ${property}.value : undefined`
    const value = this.#value(field, { target: 'value', present, end: 'end' })
    this.#addCase(tagOf(field), `let value; ${value}; ${property} = { case: ${name}, value }`)
  }

  #addList(field: FieldPlan, property: string): void {
    const value = (end: string): string => this.#value(field, { target: 'value', present: 'undefined', end })
    this.#addCase(tagOf(field), `let value; ${value('end')}; ${property}.push(value)`)
    // A reader takes both forms of a list of numbers, whichever the file asks writers for.
    if (!field.scalar || field.scalar.wireType === 2) return
    const loop = `while (at < next) { let value; ${value('next')}; values.push(value) }`
    this.#addCase(tagOf(field, 2), `const values = ${property}; ${sizeSource('end')}; ${loop}`)
  }

  #addMap(field: FieldPlan, property: string): void {
    const key = { ...field, id: 1, message: undefined, known: undefined, scalar: field.key?.scalar as Scalar }
    const value = { ...field, id: 2 }
    const empty = `links.emptyValue(fields[${this.fields.push(field) - 1}])`
    const loop = `while (at < next) {
      const start = at
      let part = bytes[at++]
      ${longTag('part', 'next')}
      if (part === ${tagOf(key)}) { ${assignKey(key.scalar, 'key', 'next')} }
      else if (part === ${tagOf(value)}) { ${this.#value(value, { target: 'value', present: 'value', end: 'next' })} }
      else { reader.at = at; reader.end = next; reader.skip(part, reader.depth); at = reader.at }
    }`
    const before = `let key = ${JSON.stringify(String(key.scalar.zero))}, value`
    const name = key.scalar.wireType === 2 ? 'key' : 'String(key)'
    const after = `put(${property}, ${name}, value === undefined ? ${empty} : value)`
    this.#addCase(tagOf(field, 2), `${before}; ${sizeSource('end')}; ${loop}; ${after}`)
  }

  #addCase(tag: number, statements: string): void {
    const tags = this.#cases.get(tag >>> 3) ?? []
    tags.push(`if (tag === ${tag}) { ${statements}; continue }`)
    this.#cases.set(tag >>> 3, tags)
  }

  /** Statements that read a value into the target; `present` is an expression for the value that is there already. */
  #value(field: FieldPlan, { target, present, end }: { target: string; present: string; end: string }): string {
    if (field.scalar) return assign(field.scalar, target, end)
    const read = this.#nested(field)
    return `{ ${sizeSource(end, 'last')}; reader.at = at; ${target} = ${read}(${present}, reader, last); at = last }`
  }

  /** The name of a function that reads a message. */
  #nested(field: FieldPlan): string {
    const at = this.fields.push(field) - 1
    // The type is not compiled before it is needed: types may contain themselves.
    this.#functions.push(`let type${at}
      const read${at} = (present, reader, end) => {
        if (type${at} === undefined) type${at} = links.readerOf(fields[${at}].message)
        const message = present === undefined ? type${at}.create() : present
        reader.depth++
        type${at}.read(message, reader, end)
        reader.depth--
        return message
      }`)
    return `read${at}`
  }
}

/** Statements that complete a tag of more than one byte, which begins at `start`. */
function longTag(name: string, end: string): string {
  return `if (${name} > 127) {
    reader.at = start
    reader.end = ${end}
    ${name} = reader.tag()
    at = reader.at
  }`
}
