import type {
  DeclarationOptions,
  FieldDescriptor,
  FieldTypeDescriptor,
  MessageDescriptor,
} from '../../codec/message-descriptor.js'
import { definedEnum } from './define-enum.js'
import type { FieldSpec, MemberSpec } from './field-spec.js'
import type { EnumObject, FieldType, MapType } from './field-type.js'
import { type ReadMessage, readMessageClass } from './message-class.js'
import { isMessageType } from './message-type.js'

// Holds nothing but what follows from the class: so that types which refer to each other are described once.
const described = new WeakMap<object, MessageDescriptor>()

/** The description of a message class; `undefined` of any other value. */
export function describeClass(type: object): MessageDescriptor | undefined {
  const known = described.get(type)
  if (known) return known
  const read = readMessageClass(type)
  if (!read) return undefined
  const descriptor = describeMessage(read)
  described.set(type, descriptor)
  return descriptor
}

/** The description of a message. Types that are given as functions are not asked for yet. */
export function describeMessage({ name, members, options }: ReadMessage): MessageDescriptor {
  const oneofs: Record<string, DeclarationOptions> = {}
  for (const [property, spec] of members) if ('cases' in spec && spec.said) oneofs[property] = spec.said
  return {
    ...options,
    name,
    fields: [...members].flatMap(([property, spec]) => describeMember(name, property, spec)),
    oneofs,
  }
}

function describeMember(message: string, property: string, spec: MemberSpec): FieldDescriptor[] {
  if (!('cases' in spec)) return [describeField(message, property, spec)]
  return Object.entries(spec.cases).map(([name, { spec: field }]) => {
    if ('cases' in field)
      throw new TypeError(`${message}.${property} has a oneof in a oneof, ${name}: protobuf has no such thing`)
    return { ...describeField(message, name, field), oneof: property }
  })
}

function describeField(message: string, name: string, { no, type, options }: FieldSpec): FieldDescriptor {
  const map = isMap(type) ? type.map : undefined
  const one = map ? map[1] : type
  const { name: protoName, ...said } = options
  return {
    ...said,
    name,
    protoName,
    no,
    type: () => describeType(`${message}.${name}`, one),
    mapKey: map?.[0],
  }
}

function describeType(path: string, type: FieldType | undefined): FieldTypeDescriptor {
  if (typeof type === 'string') return type
  if (isMessageType(type)) return type.descriptor
  if (typeof type === 'function') {
    const descriptor = describeClass(type)
    if (descriptor) return descriptor
    if (isClass(type)) throw new TypeError(`${path} has the type ${type.name}, a class without @message`)
    return describeType(path, (type as () => FieldType)())
  }
  if (type === undefined)
    throw new TypeError(`${path} has no type, and the compiler emitted none: name it as second argument`)
  if (!isEnum(type)) throw new TypeError(`${path} has a type that is neither a name, a message, an enum nor a map`)
  return definedEnum(type) ?? { name: enumName(path), values: enumValues(type) }
}

function isMap(type: FieldType | undefined): type is MapType {
  return typeof type === 'object' && Array.isArray((type as Partial<MapType>).map)
}

function isClass(type: object): type is { readonly name: string } {
  return /^class\b/.test(Function.prototype.toString.call(type))
}

function isEnum(type: unknown): type is EnumObject {
  if (typeof type !== 'object' || type === null) return false
  const values = Object.values(enumValues(type as EnumObject))
  return values.length > 0 && values.every((value) => typeof value === 'number')
}

/** Without the names by number that TypeScript adds to an `enum`. */
function enumValues(type: EnumObject): Record<string, number> {
  return Object.fromEntries(Object.entries(type).filter(([key]) => !/^-?\d/.test(key))) as Record<string, number>
}

function enumName(path: string): string {
  const property = path.slice(path.lastIndexOf('.') + 1)
  return property.charAt(0).toUpperCase() + property.slice(1)
}
