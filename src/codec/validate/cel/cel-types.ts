import type { FieldSchema, MessageSchema, TypeReference } from '../../schema/schema.js'
import { type CelMessageClass, type CelType, celMessageClass } from './cel-message.js'
import { dynamicValue, valueOfStruct } from './dynamic-value.js'
import type { CelEnvironment, CelLibrary } from './library.js'

/** What expressions are about: a value, or a message as a whole. */
export interface CelSubject {
  readonly type: string | TypeReference | MessageSchema
  readonly shape: FieldSchema['shape']
  readonly mapKey: string | undefined
}

interface Time {
  readonly seconds?: bigint
  readonly nanos?: number
}

/** The types that an expression may meet, made as they are met. */
export class CelTypes {
  readonly #library: CelLibrary
  readonly #classes = new Map<MessageSchema, CelMessageClass | undefined>()

  constructor(library: CelLibrary) {
    this.#library = library
  }

  /** The type of what an expression is about. */
  typeOf({ type, shape, mapKey = 'string' }: CelSubject): CelType {
    const value = this.#single(type)
    if (shape === 'list') return listOf(value)
    return shape === 'map' ? mapOf(this.#key(mapKey), value) : value
  }

  /** Makes all types known that were met. */
  register(environment: CelEnvironment): void {
    for (const [schema, one] of this.#classes) if (one) environment.registerType(schema.fullName, one)
  }

  #single(type: CelSubject['type']): CelType {
    if (typeof type === 'string') return this.#scalar(type)
    if (!('kind' in type)) return this.#message(type)
    if (type.kind === 'enum') return this.#scalar('int32')
    return this.#wellKnown(type.fullName) ?? this.#message(type.schema)
  }

  #scalar(type: string): CelType {
    const { UnsignedInt } = this.#library
    switch (type) {
      case 'string':
        return { name: 'string', convert: (value = '') => value }
      case 'bytes':
        return { name: 'bytes', convert: (value = new Uint8Array(0)) => value }
      case 'bool':
        return { name: 'bool', convert: (value = false) => value }
      case 'float':
      case 'double':
        return { name: 'double', convert: (value = 0) => value }
      default:
        if (!/^u|^f/.test(type)) return { name: 'int', convert: (value = 0) => BigInt(value as number | bigint) }
        return { name: 'uint', convert: (value = 0) => new UnsignedInt(BigInt(value as number | bigint)) }
    }
  }

  /** Keys of maps are properties. Unsigned ones are `int` to expressions: the library finds no others in a map. */
  #key(type: string): CelType {
    if (type === 'string') return { name: 'string', convert: (value) => value }
    if (type === 'bool') return { name: 'bool', convert: (value) => value === 'true' }
    return { name: 'int', convert: (value) => BigInt(value as string) }
  }

  #message(schema: MessageSchema): CelType {
    if (!this.#classes.has(schema)) {
      // Types may be in themselves: then this one is known already, and there by the time that a message is made.
      this.#classes.set(schema, undefined)
      this.#classes.set(
        schema,
        celMessageClass(schema, (field) => this.typeOf(field)),
      )
    }
    return { name: schema.fullName, convert: (value) => this.#make(schema, value) }
  }

  #make(schema: MessageSchema, value: unknown): unknown {
    const made = this.#classes.get(schema)
    return made && new made.ctor(value)
  }

  #wellKnown(name: string): CelType | undefined {
    const { Duration } = this.#library
    switch (name) {
      case 'google.protobuf.Timestamp':
        return { name, convert: (value) => dateOf((value ?? {}) as Time) }
      case 'google.protobuf.Duration':
        return { name, convert: (value) => new Duration((value as Time)?.seconds ?? 0n, (value as Time)?.nanos ?? 0) }
      case 'google.protobuf.Struct':
        return { name: 'map<string, dyn>', convert: (value) => valueOfStruct(value) }
      case 'google.protobuf.Value':
      case 'google.protobuf.ListValue':
        return { name: name.endsWith('ListValue') ? 'list<dyn>' : 'dyn', convert: (value) => dynamicValue(name, value) }
      default:
        return this.#wrapper(name)
    }
  }

  /** A wrapper is the value in it, or null. */
  #wrapper(name: string): CelType | undefined {
    const scalar = /^google\.protobuf\.(\w+)Value$/.exec(name)?.[1]?.toLowerCase()
    if (scalar === undefined) return undefined
    const { convert } = this.#scalar(scalar)
    return { name: 'dyn', convert: (value) => (value ? convert((value as { readonly value?: unknown }).value) : null) }
  }
}

/** Expressions know time to the millisecond. */
function dateOf({ seconds = 0n, nanos = 0 }: Time): Date {
  return new Date(Number(seconds) * 1000 + Math.floor(nanos / 1_000_000))
}

function listOf({ name, convert }: CelType): CelType {
  return { name: `list<${name}>`, convert: (value) => ((value ?? []) as readonly unknown[]).map((one) => convert(one)) }
}

function mapOf(key: CelType, value: CelType): CelType {
  return {
    name: `map<${key.name}, ${value.name}>`,
    convert: (map) =>
      new Map(Object.entries((map ?? {}) as object).map(([name, one]) => [key.convert(name), value.convert(one)])),
  }
}
