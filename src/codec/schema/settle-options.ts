import type { Enum, Field, MapField, NamespaceBase, ReflectionObject, Root, Service, Type } from 'protobufjs/light.js'
import { protobufLibrary } from '../protobuf/library/protobuf-library.js'
import { EXACT_DEFAULT, literalValue } from './literal-text.js'
import { extensionFields, isType } from './locate.js'
import { named } from './named.js'
import { RANGE_OPTIONS } from './options.js'
import type { Options, OptionValue } from './schema.js'

/** What an option or a field of it holds: a type, a scalar type by name, or nobody knows. */
type Holder = Type | Enum | string | undefined

/** Stands between the name of a part of a declaration and that of an option of it, where the declaration has them. */
export const VALUE_MARK = '@'

/** An option's value as an object: a message. */
type Fields = { readonly [name: string]: OptionValue }

/**
 * Gives the options of all that a parser read the form that descriptions have: extensions have their full names, `(a.v1.note)`
 * or within messages `[a.v1.note]`, however they were written; and literals are what they stand for in their type.
 */
export class OptionSettler {
  readonly #root: Root
  readonly #extensions: ReadonlyMap<string, Field>

  constructor(root: Root) {
    this.#root = root
    this.#extensions = new Map(extensionFields(root).map((field) => [nameOf(field), field]))
  }

  /** Settles the options of all declarations. */
  all(): void {
    this.#namespace(this.#root)
  }

  /** Settles options that were written in a scope: a package, or a declaration by its full name. */
  settle(written: Options | readonly Options[], scope: string, fallback?: Holder): Options {
    const settled = named<OptionValue>()
    for (const [name, value] of [written].flat().flatMap((part) => Object.entries(part as Options))) {
      const { key, inner, holder, list } = this.#option(name, value, { scope, fallback })
      const known = list ? settled[key] : undefined
      const one = this.#value(inner, holder, scope)
      settled[key] = known === undefined ? merged(settled[key], one) : [known, one].flat()
    }
    return settled
  }

  #namespace(namespace: NamespaceBase): void {
    for (const object of namespace.nestedArray) {
      if (object instanceof protobufLibrary().Enum) this.#enumValues(object)
      if (isType(object)) this.#ranges(object)
      this.#object(object)
      if (isType(object)) for (const member of [...object.oneofsArray, ...object.fieldsArray]) this.#object(member)
      if ('methodsArray' in object) for (const method of (object as Service).methodsArray) this.#object(method)
      if ('nestedArray' in object) this.#namespace(object as NamespaceBase)
    }
  }

  #object(object: ReflectionObject): void {
    const written = object.parsedOptions as Options[] | undefined
    // What was not written comes from the file: it has said it once.
    if (!written && object.options?.features) object.parsedOptions = []
    if (!written) return
    const holder = object instanceof protobufLibrary().Field ? holderOf(object) : undefined
    object.parsedOptions = [this.settle(withExactDefault(written), object.fullName.slice(1), holder)]
    const fallback = object.parsedOptions.find((part) => 'default' in part)
    if (!fallback || !object.options) return
    object.options.default = fallback.default
    delete object.options[EXACT_DEFAULT]
  }

  /** Gives values their options, which stand among those of the enum. */
  #enumValues(type: Enum): void {
    const settled = this.#marked(type)
    if (settled) type.valuesOptions = settled
  }

  /** Gives ranges of extensions their options, which stand among those of the message. */
  #ranges(type: Type): void {
    const settled = this.#marked(type)
    if (settled) type.options = { ...type.options, [RANGE_OPTIONS]: settled }
  }

  /** Takes the options from a declaration that are of a part of it, by its name. */
  #marked(object: ReflectionObject): Record<string, Options> | undefined {
    const parts = ((object.parsedOptions ?? []) as Options[]).flatMap((part) => Object.entries(part))
    const marked = parts.filter(([name]) => name.includes(VALUE_MARK))
    if (marked.length === 0) return undefined
    object.parsedOptions = parts.filter((part) => !marked.includes(part)).map(([name, value]) => ({ [name]: value }))
    const own = Object.entries(object.options ?? {}).filter(([name]) => !name.includes(VALUE_MARK))
    object.options = Object.fromEntries(own)
    const options = named<Options[]>()
    for (const [written, value] of marked) {
      const [, bracket = '', name = '', option = ''] = /^(\(?)(\w+)@(.*)$/.exec(written) ?? []
      options[name] = [...(options[name] ?? []), { [bracket + option]: value }]
    }
    const scope = object.fullName.slice(1)
    return Object.fromEntries(Object.entries(options).map(([name, said]) => [name, this.settle(said, scope)]))
  }

  #option(name: string, value: OptionValue, place: { readonly scope: string; readonly fallback: Holder }) {
    const [, written, path] = /^\(\.?([^)]*)\)(.*)$/.exec(name) ?? []
    if (written === undefined)
      return {
        key: name,
        inner: value,
        holder: name === 'default' ? place.fallback : undefined,
        list: name !== 'features',
      }
    const extension = this.#find(written, place.scope)
    const inner = (path?.match(/\([^)]*\)|[^.()]+/g) ?? []).reduceRight<OptionValue>(
      (held, part) => ({ [part]: held }),
      value,
    )
    const list = extension === undefined || extension.repeated
    return {
      key: `(${extension ? nameOf(extension) : written})`,
      inner,
      holder: extension && holderOf(extension),
      list,
    }
  }

  #value(value: OptionValue, holder: Holder, scope: string): OptionValue {
    if (Array.isArray(value)) return value.map((one: OptionValue) => this.#value(one, holder, scope))
    if (typeof value === 'string') return literalValue(value, typeof holder === 'string' ? holder : undefined)
    if (typeof value !== 'object') return value
    const settled = named<OptionValue>()
    for (const [name, inner] of rejoined(value as Fields)) {
      const [, written] = /^[([]\.?([\w.]+)[)\]]$/.exec(name) ?? []
      const field = written === undefined ? fieldOf(holder, name) : this.#find(written, scope)
      const key = written === undefined ? name : `[${field ? nameOf(field) : written}]`
      settled[key] = merged(settled[key], this.#field(inner, field, scope))
    }
    return settled
  }

  #field(value: OptionValue, field: Field | undefined, scope: string): OptionValue {
    const holder = field && holderOf(field)
    if (!field?.map) return this.#value(value, holder, scope)
    const entries = (Array.isArray(value) ? value : [value]) as OptionValue[]
    return entries.map((entry) => {
      if (typeof entry !== 'object' || Array.isArray(entry)) return entry
      const { key, value: held, ...rest } = entry as Fields
      return {
        ...rest,
        ...(key !== undefined && {
          key: this.#value(key, (field as Field & Pick<Partial<MapField>, 'keyType'>).keyType, scope),
        }),
        ...(held !== undefined && { value: this.#value(held, holder, scope) }),
      }
    })
  }

  /** Names are looked up from the inside out. */
  #find(name: string, scope: string): Field | undefined {
    const parts = scope === '' ? [] : scope.split('.')
    for (let size = parts.length; size >= 0; size -= 1) {
      const found = this.#extensions.get([...parts.slice(0, size), name].join('.'))
      if (found) return found
    }
    return undefined
  }
}

/** With the digits of the default in the place of the number that they are not. */
function withExactDefault(written: readonly Options[]): Options[] {
  const exact = written.find((part) => EXACT_DEFAULT in part)?.[EXACT_DEFAULT]
  if (exact === undefined) return [...written]
  return written.flatMap((part) => ('default' in part ? [{ default: exact }] : EXACT_DEFAULT in part ? [] : [part]))
}

/** Full name of an extension, as its file has it. */
function nameOf({ fullName, protoName, name }: Field & { readonly protoName?: string }): string {
  return [...fullName.slice(1).split('.').slice(0, -1), protoName ?? name].join('.')
}

/** What a field holds, found without settling anything of the field itself. */
function holderOf(field: Field): Holder {
  const { types, Type: MessageType, Enum: EnumType } = protobufLibrary()
  if (Object.hasOwn(types.basic, field.type)) return field.type
  return (field.parent?.lookup(field.type, [MessageType, EnumType]) as Type | Enum | null) ?? undefined
}

function fieldOf(holder: Holder, name: string): Field | undefined {
  if (typeof holder !== 'object' || !isType(holder)) return undefined
  return holder.fieldsArray.find(
    (field: Field & { readonly protoName?: string }) => (field.protoName ?? field.name) === name,
  )
}

/** The parser takes names apart that stand in a path, `.(a.b)`: `(a` holds `b)`. */
function rejoined(value: Fields): [string, OptionValue][] {
  const join = (start: string, held: OptionValue): [string, OptionValue][] => {
    if (start.endsWith(')') || typeof held !== 'object' || Array.isArray(held)) return [[start, held]]
    return Object.entries(held).flatMap(([name, inner]) => join(`${start}.${name}`, inner))
  }
  return Object.entries(value).flatMap(([name, held]) => (name.startsWith('(') ? join(name, held) : [[name, held]]))
}

/** Messages that are said in parts come together; of other things, all are kept. */
function merged(known: OptionValue | undefined, value: OptionValue): OptionValue {
  if (known === undefined) return value
  if (!isMessage(known) || !isMessage(value)) return [known, value].flat()
  const all = named(known)
  for (const [name, held] of Object.entries(value)) all[name] = merged(all[name], held)
  return all
}

function isMessage(value: OptionValue): value is Fields {
  return typeof value === 'object' && !Array.isArray(value)
}
