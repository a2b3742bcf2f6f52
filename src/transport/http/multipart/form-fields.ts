import type { FieldShape, HttpRule, MessageCodec, RpcError } from '../../kernel.js'
import { entryPath, mapKind } from '../bind/field-facts.js'
import { FieldFinder } from '../bind/field-finder.js'
import { type MapEntry, pathName, unfitness } from '../bind/fill.js'
import { badField } from '../error.js'
import type { PartHead } from './part-head.js'

/** Where a part goes. */
export interface FormField {
  /** Name of the part, for the text of errors. */
  readonly name: string
  /** `bytes` takes the content as it is, `json` as a message or a map, `text` as the value of a scalar. */
  readonly kind: 'bytes' | 'json' | 'text'
  /** The entry of the map at the end of the path that the content is the value of. */
  readonly entry?: Omit<MapEntry, 'text'>
  /** From the request down to the field that the content fills. */
  readonly path: readonly FieldShape[]
  /** Further fields of the message around a file, for what the part says of it. */
  readonly filename: FieldShape | undefined
  readonly type: FieldShape | undefined
}

/** An entry of a map. */
const ENTRY = /^([^[\]]+)\[(.*)\]$/s
/** Fields that hold the content of a file in a message that is one. */
const CONTENT = ['data', 'content', 'chunk']
const FILENAME = ['filename', 'file_name']
const TYPE = ['content_type']
/** A file for a request that is one itself, as a `google.api.HttpBody` is. */
const SELF = 'file'

/** The fields of a request that the parts of a form may fill. */
export class FormFields {
  readonly #codec: MessageCodec
  readonly #finder: FieldFinder
  readonly #body: string

  constructor(codec: MessageCodec, { body = '*' }: HttpRule) {
    this.#codec = codec
    this.#finder = new FieldFinder(codec)
    this.#body = body
  }

  /** Where a part goes. Throws `INVALID_ARGUMENT` that names it if it has no place. */
  find(part: PartHead): FormField {
    const [, map, key] = ENTRY.exec(part.name) ?? []
    if (map !== undefined && key !== undefined) return this.#entry(part, map, key)
    const path = this.#path(part, part.name)
    const leaf = path.at(-1)
    if (leaf?.kind === 'bytes') return this.#bytes(part, path)
    const content = leaf?.kind === 'message' ? fieldOf(leaf.fields, CONTENT, 'bytes') : undefined
    const isJson = /^application\/json\s*(;|$)/i.test(part.type)
    if (content && !(isJson && part.filename === undefined)) return this.#bytes(part, [...path, content])
    if ((leaf?.kind === 'message' || leaf?.kind === 'map') && isJson)
      return { ...NO_FILE, name: part.name, kind: 'json', path }
    const problem = part.filename === undefined ? unfitness(path) : `it is a ${leaf?.kind}, which no file can fill`
    if (problem !== undefined) throw badPart(part, path, problem)
    return { ...NO_FILE, name: part.name, kind: 'text', path }
  }

  #entry(part: PartHead, map: string, key: string): FormField {
    const path = this.#path(part, map)
    if (path.at(-1)?.kind !== 'map') throw badPart(part, path, 'it is not a map')
    const kind = mapKind(this.#codec, path)
    if (kind === 'message') throw badPart(part, path, 'its values are messages, which text cannot fill')
    if (part.filename !== undefined) throw badPart(part, path, 'it is an entry of a map, which no file can fill')
    const entry = { key, kind, path: entryPath(this.#codec, path, key) }
    return { ...NO_FILE, name: part.name, kind: 'text', path, entry }
  }

  #path(part: PartHead, name: string): readonly FieldShape[] {
    const path = this.#finder.find(name.split('.')) ?? this.#self(name)
    if (!path) {
      const problem = `${this.#codec.typeName} has no such field`
      throw badField(this.#finder.pathOf(name.split('.')), problem, `${part.name}: ${problem}`)
    }
    const [first] = path
    if (this.#body !== '*' && first?.name !== this.#body && first?.jsonName !== this.#body) {
      throw badPart(part, path, `the body is ${this.#body} only`)
    }
    const through = path.slice(0, -1).find((shape) => shape.repeated || shape.kind !== 'message')
    if (through) throw badPart(part, path, `${through.name} is not a single message`)
    return path
  }

  #self(name: string): readonly FieldShape[] | undefined {
    const content = name === SELF ? fieldOf(this.#codec.fields, CONTENT, 'bytes') : undefined
    return content && [content]
  }

  #bytes({ name }: PartHead, path: readonly FieldShape[]): FormField {
    const leaf = path.at(-1)
    const around = path.length > 1 ? path.at(-2)?.fields : this.#codec.fields
    if (!CONTENT.includes(leaf?.name ?? '')) return { ...NO_FILE, name, kind: 'bytes', path }
    const [filename, type] = [FILENAME, TYPE].map((names) => fieldOf(around, names, 'string'))
    return { name, kind: 'bytes', path, filename, type }
  }
}

/** The error of a part that its field cannot take. */
export function badPart({ name }: Pick<PartHead, 'name'>, path: readonly FieldShape[], problem: string): RpcError {
  return badField(pathName(path), problem, `${name}: ${problem}`)
}

const NO_FILE = { filename: undefined, type: undefined }

/** Where something is, in words of the contract. */
export function placeOf({ path, entry }: FormField): string {
  return entry?.path ?? pathName(path)
}

function fieldOf(
  fields: readonly FieldShape[] | undefined,
  names: readonly string[],
  kind: FieldShape['kind'],
): FieldShape | undefined {
  return fields?.find((shape) => names.includes(shape.name) && shape.kind === kind && !shape.repeated)
}
