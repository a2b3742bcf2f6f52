import type { FieldShape, JsonValue } from '../../kernel.js'
import { fillEntry, fillOf, isObject, type JsonObject } from '../bind/fill.js'
import { badPart, type FormField, placeOf } from './form-fields.js'
import type { PartHead } from './part-head.js'

/** A message that is filled from the parts of a form, as JSON. */
export class FormMessage {
  /** Has no prototype, and nothing under a name that the contract does not have. */
  readonly json: JsonObject = Object.create(null)
  readonly #seen = new Set<string>()
  /** Fields that came as JSON, with all that is inside of them. */
  readonly #wholes = new Set<string>()

  get isEmpty(): boolean {
    return this.#seen.size === 0
  }

  /** Sets a field to text, or to JSON. Throws `INVALID_ARGUMENT` that names it. */
  text(field: FormField, text: string): void {
    this.#once(field)
    if (field.entry) fillEntry(this.json, field.path, { ...field.entry, text })
    else if (field.kind === 'text') fillOf(field.path)(this.json, text)
    else this.#place(field.path, parsed(field, text))
  }

  /** Sets a field to bytes, and what stands beside it to what the part says. */
  file(field: FormField, part: PartHead, content: Buffer): void {
    this.#once(field)
    if (isListed(field)) this.#placeBytes(field, content, aboutOf(field, part))
    else {
      this.about(field, part)
      this.#placeBytes(field, content)
    }
  }

  /** Sets a field to a piece of a file. */
  piece(field: FormField, content: Buffer): void {
    this.#placeBytes(field, content)
  }

  /** Sets what stands beside a file. */
  about(field: FormField, part: PartHead): void {
    const about = isListed(field) ? {} : aboutOf(field, part)
    if (Object.keys(about).length === 0) return
    const target = this.#objectAt(field.path.slice(0, -1))
    for (const [name, value] of Object.entries(about)) target[name] ??= value
    this.#seen.add(`${placeOf(field)} about`)
  }

  /** A field that is not repeated is there once, and either as a whole or in parts. */
  #once(field: FormField): void {
    const place = placeOf(field)
    const isList = field.path.some(({ repeated }) => repeated)
    if (this.#seen.has(place) && !isList) throw badPart(field, field.path, TWICE)
    const isWhole = field.kind === 'json'
    const overlaps = isWhole
      ? [...this.#seen].some((seen) => isInside(seen, place))
      : [...this.#wholes].some((whole) => isInside(place, whole))
    if (overlaps) throw badPart(field, field.path, OVERLAP)
    this.#seen.add(place)
    if (isWhole) this.#wholes.add(place)
  }

  #placeBytes({ path }: FormField, content: Buffer, about: JsonObject = {}): void {
    const bytes = content.toString('base64')
    const leaf = path.at(-1)
    if (leaf && path.at(-2)?.repeated) this.#place(path.slice(0, -1), { ...about, [leaf.jsonName]: bytes })
    else this.#place(path, bytes)
  }

  #place(path: readonly FieldShape[], value: JsonValue): void {
    const leaf = path.at(-1)
    if (!leaf) return
    const target = this.#objectAt(path.slice(0, -1))
    const present = target[leaf.jsonName]
    target[leaf.jsonName] = leaf.repeated ? [...(Array.isArray(present) ? present : []), value] : value
  }

  #objectAt(path: readonly FieldShape[]): JsonObject {
    let target = this.json
    for (const { jsonName } of path) {
      const present = target[jsonName]
      const object: JsonObject = isObject(present) ? present : Object.create(null)
      target[jsonName] = object
      target = object
    }
    return target
  }
}

/** True for a file in a list of them, which is a whole message each time. */
function isListed({ path }: FormField): boolean {
  return path.at(-2)?.repeated ?? false
}

function aboutOf({ filename, type }: FormField, part: PartHead): JsonObject {
  const about: JsonObject = Object.create(null)
  if (filename && part.filename !== undefined) about[filename.jsonName] = part.filename
  if (type && part.type !== '') about[type.jsonName] = part.type
  return about
}

const TWICE = 'it is there twice, but the field is not repeated'
const OVERLAP = 'it is there as JSON and in a part of its own'

function isInside(place: string, whole: string): boolean {
  return place.startsWith(`${whole}.`) || place.startsWith(`${whole}[`)
}

function parsed(field: FormField, text: string): JsonValue {
  try {
    return JSON.parse(text)
  } catch (thrown) {
    throw badPart(field, field.path, `it is not JSON: ${(thrown as Error).message}`)
  }
}
