import type { FieldShape, MessageCodec } from '../../kernel.js'
import { badField } from '../error.js'
import { parseQuery } from '../route/query.js'
import { entryPath, mapKind } from './field-facts.js'
import type { FieldFinder } from './field-finder.js'
import { type Fill, fillEntry, fillOf, type JsonObject, pathName, unfitness } from './fill.js'

/** How strictly a query is read. */
export interface QueryOptions {
  readonly maxQueryParameters: number
  /** What a parameter does that no field has. */
  readonly unknownParameters: 'reject' | 'ignore'
  /** Whether a plus sign is a space; it is a plus sign by default. */
  readonly plusIsSpace?: boolean | undefined
}

/** What a query fills. */
export interface QueryTarget {
  readonly codec: MessageCodec
  readonly finder: FieldFinder
  /** The body has the whole message: nothing is left for a query. */
  readonly takesNone: boolean
  /** Fields that path and body fill, as dotted paths of contract names. */
  readonly taken: ReadonlySet<string>
}

/** `labels[a.b]` in its two parts. */
const ENTRY = /^([^[\]]+)\[(.*)\]$/s

/** Fills the fields of a message from a query. */
export class QueryBinder {
  readonly #target: QueryTarget
  readonly #options: QueryOptions
  /** Fields by the names that parameters had so far: what is said of a name is the same each time. */
  readonly #known = new Map<string, KnownField>()

  constructor(target: QueryTarget, options: QueryOptions) {
    this.#target = target
    this.#options = options
  }

  /** Throws `INVALID_ARGUMENT` that names the parameter. */
  bind(message: JsonObject, query: string): void {
    const { maxQueryParameters, unknownParameters, plusIsSpace } = this.#options
    const seen: string[] = []
    for (const [name, value] of parseQuery(query, maxQueryParameters, plusIsSpace)) {
      const known = this.#known.get(name)
      const problem = known ? setField(message, known, { value, seen }) : this.#set(message, { name, value, seen })
      if (problem !== undefined && unknownParameters === 'reject') {
        throw badField(this.#fieldOf(name), problem, `query parameter ${name}: ${problem}`)
      }
    }
  }

  /** The field that a parameter names, in words of the contract as far as that knows it. */
  #fieldOf(name: string): string {
    const { codec, finder } = this.#target
    const [, map = name, key] = ENTRY.exec(name) ?? []
    const names = map.split('.')
    const shapes = key === undefined ? undefined : finder.find(names)
    return shapes ? entryPath(codec, shapes, key ?? '') : finder.pathOf(key === undefined ? names : name.split('.'))
  }

  /** Why a parameter cannot be set, if it cannot. */
  #set(message: JsonObject, parameter: Parameter): string | undefined {
    const { codec, finder, takesNone } = this.#target
    const [, map, key = ''] = ENTRY.exec(parameter.name) ?? []
    const shapes = finder.find((map ?? parameter.name).split('.'))
    if (!shapes) return `${codec.typeName} has no such field`
    if (takesNone) return 'this route takes no query'
    if (this.#isTaken(shapes)) return 'the path or the body has it'
    if (map !== undefined) return this.#setEntry(message, shapes, { ...parameter, key })
    return setField(message, this.#know(parameter.name, shapes), parameter)
  }

  #know(name: string, shapes: readonly FieldShape[]): KnownField {
    const repeated = shapes.at(-1)?.repeated === true
    const field = { fill: fillOf(shapes), path: pathName(shapes), repeated, unfit: unfitness(shapes) }
    // Messages may hold themselves, so that there is no end to what is a name.
    if (this.#known.size < MOST_KNOWN) this.#known.set(name, field)
    return field
  }

  #setEntry(message: JsonObject, shapes: readonly FieldShape[], { key, value }: Entry): string | undefined {
    const through = shapes.length > 1 ? unfitness(shapes.slice(0, -1).concat(LEAF)) : undefined
    if (through !== undefined) return through
    if (shapes.at(-1)?.kind !== 'map') return 'it is not a map'
    const kind = mapKind(this.#target.codec, shapes)
    if (kind === 'message') return 'its values are messages, which text cannot fill'
    const path = entryPath(this.#target.codec, shapes, key)
    return fillEntry(message, shapes, { key, path, kind, text: value }) ? undefined : 'it is there twice'
  }

  /** True if the path or the body fills the field, or what it is inside of. */
  #isTaken(shapes: readonly FieldShape[]): boolean {
    const { taken } = this.#target
    if (taken.size === 0) return false
    return shapes.some((_, index) => taken.has(pathName(shapes.slice(0, index + 1))))
  }
}

const MOST_KNOWN = 1000

/** A field that a parameter names, with what is always so of it. */
interface KnownField {
  readonly fill: Fill
  readonly path: string
  readonly repeated: boolean
  /** Why text cannot fill it. */
  readonly unfit: string | undefined
}

interface Parameter {
  readonly name: string
  readonly value: string
  /** Paths of the fields that were set. */
  readonly seen: string[]
}

interface Entry extends Parameter {
  readonly key: string
}

/** Stands for a field that text can fill. */
const LEAF: FieldShape = { name: '', jsonName: '', kind: 'string', repeated: false }

function setField(
  message: JsonObject,
  field: KnownField,
  { value, seen }: Omit<Parameter, 'name'>,
): string | undefined {
  const { fill, path, repeated, unfit } = field
  if (unfit !== undefined) return unfit
  if (!repeated) {
    if (seen.includes(path)) return 'it is there twice, but the field is not repeated'
    seen.push(path)
  }
  fill(message, value)
  return undefined
}
