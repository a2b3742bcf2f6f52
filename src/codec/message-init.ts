/**
 * A message as one writes it: every field may be left out, at any depth, and has its default then.
 *
 * What `encode` accepts for a message `T` that it returns from `decode`.
 */
export type MessageInit<T> = T extends Uint8Array | string | number | bigint | boolean | null | undefined
  ? T
  : T extends readonly (infer Element)[]
    ? readonly MessageInit<Element>[]
    : T extends { readonly case: infer Case; readonly value: infer Value }
      ? { readonly case: Case; readonly value: MessageInit<Value> }
      : { readonly [Field in keyof T]?: MessageInit<T[Field]> | undefined }
