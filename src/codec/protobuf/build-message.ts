import type { Type } from 'protobufjs/light.js'
import { messageProblems } from '../message-check.js'
import type { MessageCodec } from '../message-codec.js'
import {
  type EnumDescriptor,
  type FieldDescriptor,
  type MapKeyType,
  type MessageDescriptor,
  protoName,
  SCALAR_TYPES,
  WELL_KNOWN_TYPES,
} from '../message-descriptor.js'
import { lazyCodec } from '../protobuf.js'
import { addBundled } from './bundled/bundled-root.js'
import { protobufLibrary } from './library/protobuf-library.js'

/**
 * The codec of a message that is described in code, with all that it refers to.
 *
 * Throws a `TypeError` that lists everything that protobuf forbids, in this message and in those.
 */
export function buildMessage<T = unknown>(message: MessageDescriptor): MessageCodec<T> {
  const graph = graphOf(message)
  return lazyCodec<T>(message.name, () => typeOf(message.name, graph))
}

/** The same, built when it is first used: by then all that it refers to is defined. */
export function lazyMessage<T = unknown>(message: MessageDescriptor): MessageCodec<T> {
  return lazyCodec<T>(message.name, () => typeOf(message.name, graphOf(message)))
}

/** What a message is made of, checked. */
function graphOf(message: MessageDescriptor): MessageGraph {
  const graph = new MessageGraph()
  graph.add(message)
  if (graph.problems.length > 0)
    throw new TypeError(
      `message ${message.name} cannot be defined:\n${graph.problems.map((problem) => `- ${problem}`).join('\n')}`,
    )
  return graph
}

/** The type of the name, as the protobuf library has it. */
function typeOf(name: string, graph: MessageGraph): Type {
  const { Root } = protobufLibrary()
  const root = new Root()
  if (graph.usesWellKnown) for (const file of wellKnownFiles) addBundled(root, file)
  return Root.fromJSON(graph.types, root).resolveAll().lookupType(name)
}

const wellKnownFiles = ['any', 'duration', 'empty', 'field_mask', 'struct', 'timestamp', 'wrappers'].map(
  (name) => `google/protobuf/${name}.proto`,
)

/** A namespace, or a type in one, as the protobuf library reads it from JSON. */
interface TypeJson {
  nested?: Record<string, TypeJson>
  fields?: Record<string, FieldJson>
  oneofs?: Record<string, { oneof: string[] }>
  values?: Readonly<Record<string, number>>
}

interface FieldJson {
  readonly type: string
  readonly id: number
  readonly protoName: string
  readonly rule?: 'repeated'
  readonly keyType?: string
  readonly options?: { readonly proto3_optional: true }
}

/** A message with all that it refers to, as one tree of types by name. */
class MessageGraph {
  readonly types: TypeJson = {}
  readonly problems: string[] = []
  usesWellKnown = false
  readonly #owners = new Map<string, object>()

  /** Adds a message once, and what it refers to. */
  add(message: MessageDescriptor): void {
    if (!this.#claim(message.name, message)) return
    this.#report(message, messageProblems(message))
    const json = this.#at(message.name)
    json.fields = {}
    json.oneofs = {}
    for (const field of message.fields) {
      json.fields[field.name] = this.#field(message, field)
      // A field with presence is the only case of a oneof of its own: that is how the library knows it.
      const oneof = field.oneof ?? (field.optional ? `_${field.name}` : undefined)
      if (oneof !== undefined) json.oneofs[oneof] = { oneof: [...(json.oneofs[oneof]?.oneof ?? []), field.name] }
    }
  }

  #field(message: MessageDescriptor, field: FieldDescriptor): FieldJson {
    return {
      type: this.#type(message, field),
      id: field.no,
      protoName: protoName(field.name),
      ...(field.repeated && { rule: 'repeated' }),
      ...(field.mapKey && { keyType: this.#keyType(message, field.name, field.mapKey) }),
      ...(field.optional && { options: { proto3_optional: true } }),
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

  #enum(message: MessageDescriptor, { name, values }: EnumDescriptor): string {
    const fullName = `${message.name}.${name}`
    if (this.#claim(fullName, values)) {
      this.#report(message, enumProblems(name, values))
      // The library takes the first for the default.
      const sorted = Object.entries(values).sort(([, a], [, b]) => Number(b === 0) - Number(a === 0))
      this.#at(fullName).values = Object.fromEntries(sorted)
    }
    return `.${fullName}`
  }

  #keyType(message: MessageDescriptor, field: string, type: MapKeyType): string {
    if (!KEYS.has(type))
      this.#report(message, [`${field} has keys of the type ${JSON.stringify(type)}, which keys cannot have`])
    return type
  }

  /** True if a name is new; reports it if it names something else already. */
  #claim(name: string, owner: object): boolean {
    const present = this.#owners.get(name)
    if (present === undefined) this.#owners.set(name, owner)
    else if (present !== owner) this.problems.push(`two types are called ${name}`)
    return present === undefined
  }

  #at(fullName: string): TypeJson {
    let at = this.types
    for (const name of fullName.split('.')) {
      at.nested ??= {}
      at.nested[name] ??= {}
      at = at.nested[name]
    }
    return at
  }

  #report(message: MessageDescriptor, problems: readonly string[]): void {
    this.problems.push(...problems.map((problem) => `${message.name}: ${problem}`))
  }
}

const TYPES: ReadonlySet<string> = new Set([...SCALAR_TYPES, ...WELL_KNOWN_TYPES])
const KEYS: ReadonlySet<string> = new Set(SCALAR_TYPES.filter((type) => !['double', 'float', 'bytes'].includes(type)))

function enumProblems(name: string, values: EnumDescriptor['values']): string[] {
  const numbers = Object.values(values)
  const wrong = Object.entries(values).filter(([key, no]) => !/^[A-Za-z_]\w*$/.test(key) || (no | 0) !== no)
  return [
    ...(numbers.includes(0) ? [] : [`the enum ${name} lacks the value 0, which is the default`]),
    ...wrong.map(([key, no]) => `the enum ${name} cannot have ${JSON.stringify(key)} = ${no}`),
  ]
}
