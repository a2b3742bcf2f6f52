import type { DeclarationOptions } from '../../codec/message-descriptor.js'
import type { MemberSpec } from './field-spec.js'
import type { FieldOptions, FieldPresence, FieldType, FieldValue } from './field-type.js'
import { recordMember } from './message-class.js'

/** Whether a field is in every message that was decoded. */
export type Presence = 'always' | 'maybe'

/** A property of a message. */
export interface Member<V = unknown, P extends Presence = Presence> {
  readonly spec: MemberSpec
  /** Carries the type; never set. */
  readonly value?: V
  /** Carries the presence; never set. */
  readonly presence?: P
}

/** A property of a message that is also a decorator of properties, in both modes. */
export interface Field<V = unknown, P extends Presence = Presence> extends Member<V, P> {
  (value: undefined, context: ClassFieldDecoratorContext<unknown, DeclaredAs<V, P>>): <T>(initial: T) => T
  <K extends string>(prototype: { readonly [_ in K]?: DeclaredAs<V, P> }, name: K): void
}

/** How a property may be declared: a list also as one that cannot be changed. */
export type DeclaredAs<V, P> =
  | (V extends readonly (infer E)[] ? readonly E[] : V)
  | ('maybe' extends P ? undefined : never)

/**
 * A field of a message, with its number on the wire.
 *
 * As a decorator: `@field(1, 'string') id = ''`, `@field(2, () => Item, { repeated: true }) items: Item[] = []`. As a
 * member: `defineMessage('shop.v1.Order', { id: field(1, 'string') })`.
 *
 * Types are `'string'`, `'int32'`, `'int64'` (a `bigint`) and the other scalars, `'google.protobuf.Timestamp'`, a message, an
 * enum object, or `{ map: ['string', 'int32'] }`; a function that returns one stands for what is defined later. In legacy
 * mode the type may be left out where the compiler emits it and `reflect-metadata` is loaded.
 *
 * What else the contract says stands in the options: `{ comment: 'Never shown.', deprecated: true, name: 'order_ID',
 * options: { '(buf.validate.field)': { string: { min_len: 1 } } } }`.
 */
export function field<const T extends FieldType, const O extends FieldOptions = Record<never, never>>(
  no: number,
  type: T,
  options?: O,
): Field<FieldValue<T, O>, FieldPresence<T, O>>
export function field(no: number): Field
export function field(no: number, type?: FieldType, options: FieldOptions = {}): Field {
  return fieldOf('@field', { no, type, options })
}

/** What a oneof is in TypeScript. */
export type OneofValue<C> = { [K in keyof C]: C[K] extends Member<infer V> ? { case: K; value: V } : never }[keyof C]

/**
 * A property of which a message has one of several cases, or none: `{ case: 'email', value: 'a@b.c' }`.
 *
 * As a decorator: `@oneof({ email: field(1, 'string'), phone: field(2, 'string') }) contact?: …`. As a member:
 * `defineMessage('shop.v1.Customer', { contact: oneof({ … }) })`.
 */
export function oneof<const C extends Readonly<Record<string, Member>>>(
  cases: C,
  said?: DeclarationOptions,
): Field<OneofValue<C>, 'maybe'> {
  return fieldOf('@oneof', { cases, said })
}

function fieldOf<V, P extends Presence>(name: string, spec: MemberSpec): Field<V, P> {
  const decorate = (target: unknown, context: unknown) => recordMember(name, spec, [target, context])
  return Object.assign(decorate as Field<V, P>, { spec })
}
