import { messageProblems } from '../../codec/message-check.js'
import type { NumberedOptions } from '../../codec/message-descriptor.js'
import { lazyMessage } from '../../codec/protobuf/build-message.js'
import { throwProblems } from '../problem.js'
import { describeMessage } from './describe-message.js'
import type { Member } from './field.js'
import type { MessageType } from './message-type.js'

/** Properties of a message by name. */
export type MemberMap = Readonly<Record<string, Member>>

/** The messages that fields make: those that are always there, and those that may be absent. */
export type MessageWith<F extends MemberMap> = Flat<
  { -readonly [K in keyof F as F[K] extends Member<unknown, 'always'> ? K : never]: MemberValue<F[K]> } & {
    -readonly [K in keyof F as F[K] extends Member<unknown, 'always'> ? never : K]?: MemberValue<F[K]> | undefined
  }
>

/** What a property of a message is in TypeScript. */
export type MemberValue<F> = F extends Member<infer V> ? V : never
/** The same type, written as one. */
export type Flat<T> = { [K in keyof T]: T[K] }

/**
 * Defines a message in code: the functional twin of `@message`.
 *
 * ```ts
 * const Order = defineMessage('shop.v1.Order', {
 *   id: field(1, 'string'),
 *   items: field(2, Item, { repeated: true }),
 *   note: field(3, 'string', { optional: true }),
 * })
 * type Order = MessageOf<typeof Order> // { id: string; items: Item[]; note?: string | undefined }
 * ```
 *
 * A name behind that of another message nests it there: `shop.v1.Order.Item`. The options say what else the contract says:
 * `{ reserved: [4, [6, 9], 'old_name'], comment: 'What a customer wants.' }`.
 *
 * Throws a `TypeError` that lists every name and number that protobuf forbids; what only the types of fields tell comes out
 * when the message is first used, at the latest in `defineService`.
 */
export function defineMessage<const F extends MemberMap>(
  name: string,
  fields: F,
  options: NumberedOptions = {},
): MessageType<MessageWith<F>> {
  const members = new Map(Object.entries(fields).map(([property, { spec }]) => [property, spec]))
  const descriptor = describeMessage({ name, members, options })
  throwProblems(`message ${name} cannot be defined`, messageProblems(descriptor))
  return Object.assign(lazyMessage<MessageWith<F>>(descriptor), { descriptor })
}
