import { enumProblems } from '../../codec/message-check.js'
import type { DeclarationOptions, EnumDescriptor, NumberedOptions } from '../../codec/message-descriptor.js'
import { throwProblems } from '../problem.js'

/** What an enum says beside its values. */
export interface EnumOptions<V extends string = string> extends NumberedOptions {
  /** In front of every name in the contract and in JSON: `ORDER_STATE_` makes `ORDER_STATE_OPEN` of `OPEN`. None by default. */
  readonly prefix?: string | undefined
  /** What is said of values, by the name in code. */
  readonly values?: { readonly [K in V]?: DeclarationOptions } | undefined
}

// Holds nothing but what was said when the object was made: the object itself is just names with numbers.
const descriptors = new WeakMap<object, EnumDescriptor>()

/**
 * Defines an enum with a name of its own, for as many messages as have it.
 *
 * ```ts
 * const OrderState = defineEnum('shop.v1.OrderState', { UNSPECIFIED: 0, OPEN: 1 }, {
 *   prefix: 'ORDER_STATE_', values: { OPEN: { comment: 'Paid, not sent.' } },
 * })
 * field(4, OrderState)
 * ```
 *
 * The result is the object of names and numbers, frozen. Throws a `TypeError` that lists what protobuf forbids.
 */
export function defineEnum<const V extends Readonly<Record<string, number>>>(
  name: string,
  values: V,
  options: EnumOptions<keyof V & string> = {},
): V {
  const { prefix = '', values: said = {}, ...rest } = options
  const renamed = <T>(entries: Readonly<Record<string, T>>): Record<string, T> =>
    Object.fromEntries(Object.entries(entries).map(([key, value]) => [`${prefix}${key}`, value]))
  const descriptor: EnumDescriptor = {
    ...rest,
    name: name.slice(name.lastIndexOf('.') + 1),
    fullName: name,
    values: renamed(values),
    said: renamed(said as Readonly<Record<string, DeclarationOptions | undefined>>),
  }
  throwProblems(`enum ${name} cannot be defined`, enumProblems(descriptor))
  const type = Object.freeze({ ...values })
  descriptors.set(type, descriptor)
  return type
}

/** The description of what `defineEnum` returned; `undefined` of anything else. */
export function definedEnum(type: object): EnumDescriptor | undefined {
  return descriptors.get(type)
}
