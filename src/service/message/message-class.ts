import type { NumberedOptions } from '../../codec/message-descriptor.js'
import { isStandard } from '../decorator/decorated.js'
import type { MemberSpec, MemberSpecs } from './field-spec.js'
import type { FieldType } from './field-type.js'
import type { MessageClass } from './message-type.js'

const messages = new WeakMap<object, Pick<ReadMessage, 'name' | 'options'>>()
/** By prototype, in legacy mode. */
const members = new WeakMap<object, Map<string, MemberSpec>>()

/**
 * The class whose fields are being read. A standard decorator of a field is not told its class (`context.metadata` is
 * missing under tsc), only each instance as it is made: so one is made to read them. Never set while other code runs.
 */
let reading: { readonly prototype: object; readonly members: Map<string, MemberSpec> } | undefined

/** What was said of a message. */
export interface ReadMessage {
  /** Full name. */
  readonly name: string
  readonly members: MemberSpecs
  readonly options: NumberedOptions
}

/**
 * Makes a class a message of a contract: `@message('shop.v1.Order') class Order { @field(1, 'string') id = '' }`. The options
 * say what else the contract says: `{ reserved: [4, [6, 9], 'old_name'], comment: 'What a customer wants.' }`.
 *
 * The class says what messages look like and needs no arguments to be made; messages that were decoded are plain objects
 * with its properties. Works in legacy and in standard mode.
 */
export function message(
  name: string,
  options: NumberedOptions = {},
): (target: MessageClass<object>, context?: ClassDecoratorContext) => void {
  return (target) => {
    messages.set(target, { name, options })
  }
}

/** Records a property, from the arguments of a decorator of either mode. */
export function recordMember(
  decorator: string,
  spec: MemberSpec,
  [target, context]: readonly [unknown, unknown],
): unknown {
  if (!isStandard(context)) {
    if (typeof target !== 'object' || target === null || typeof context !== 'string')
      throw misplaced(decorator, context)
    members.set(target, (members.get(target) ?? new Map<string, MemberSpec>()).set(context, spec))
    return undefined
  }
  const { kind, name } = context
  if (kind !== 'field' || context.static || context.private || typeof name !== 'string')
    throw misplaced(decorator, name)
  return function (this: object, initial: unknown): unknown {
    if (reading && Object.getPrototypeOf(this) === reading.prototype) reading.members.set(name, spec)
    return initial
  }
}

/** What was said of a message class, the properties of the classes that it extends first; `undefined` of any other value. */
export function readMessageClass(type: object): ReadMessage | undefined {
  const read = messages.get(type)
  if (read === undefined) return undefined
  const { prototype } = type as MessageClass<object>
  const legacy = legacyMembers(prototype)
  return { ...read, members: legacy.size > 0 ? legacy : standardMembers(read.name, type as MessageClass<object>) }
}

/** True of a class that `@message` stands on. */
export function isMessageClass(value: unknown): value is MessageClass {
  return typeof value === 'function' && messages.has(value)
}

function legacyMembers(prototype: object): Map<string, MemberSpec> {
  const parent: object | null = Object.getPrototypeOf(prototype)
  const all = parent ? legacyMembers(parent) : new Map<string, MemberSpec>()
  for (const [name, spec] of members.get(prototype) ?? []) all.set(name, complete(spec, prototype, name))
  return all
}

function standardMembers(name: string, type: MessageClass<object>): MemberSpecs {
  const outer = reading
  reading = { prototype: type.prototype, members: new Map() }
  try {
    new type()
    return reading.members
  } catch (cause) {
    throw new TypeError(`message ${name} cannot be read: the class ${type.name} cannot be made without arguments`, {
      cause,
    })
  } finally {
    reading = outer
  }
}

/** Fills in a type that was left out with what the compiler emitted, if it did. */
function complete(spec: MemberSpec, prototype: object, name: string): MemberSpec {
  if ('cases' in spec || spec.type !== undefined) return spec
  const { getMetadata } = Reflect as { getMetadata?: (key: string, target: object, name: string) => unknown }
  return { ...spec, type: emittedType(getMetadata?.('design:type', prototype, name)) }
}

function emittedType(type: unknown): FieldType | undefined {
  if (type === String) return 'string'
  if (type === Boolean) return 'bool'
  if (type === Number) return 'double'
  if (type === BigInt) return 'int64'
  if (type === Uint8Array) return 'bytes'
  return isMessageClass(type) ? type : undefined
}

function misplaced(decorator: string, where: unknown): TypeError {
  const place = where === undefined ? '' : ` on ${String(where)}`
  return new TypeError(`${decorator} stands${place}: it goes on public properties of a class that are not static`)
}
