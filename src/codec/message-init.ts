/**
 * A message as one writes it: every field may be left out, at any depth, and has its default then.
 *
 * What `encode` accepts for a message `T` that it returns from `decode`.
 */
// Written so that the compiler does not conclude from it what T is: what may be left out would seem to be so in T too.
export type MessageInit<T> = T extends infer Value extends
  | Uint8Array
  | string
  | number
  | bigint
  | boolean
  | null
  | undefined
  ? Value
  : T extends readonly (infer Element)[]
    ? readonly MessageInit<Element>[]
    : T extends { readonly case: infer Case; readonly value: infer Value }
      ? { readonly case: Case; readonly value: MessageInit<Value> }
      : { readonly [Field in keyof T as Field]?: MessageInit<T[Field]> | undefined }
