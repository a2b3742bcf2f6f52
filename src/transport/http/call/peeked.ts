/** A stream whose first element is known. */
export interface Peeked<T> {
  /** `undefined` if there is none. */
  readonly first: T | undefined
  /** All elements, the first one too. */
  readonly all: AsyncIterable<T>
}

/** Waits for the first element of a stream. */
export async function peek<T>(stream: AsyncIterable<T>): Promise<Peeked<T>> {
  const iterator = stream[Symbol.asyncIterator]()
  const begun = await iterator.next()
  let next: Promise<IteratorResult<T>> | undefined = Promise.resolve(begun)
  const all: AsyncIterableIterator<T> = {
    [Symbol.asyncIterator]: () => all,
    next() {
      const result = next ?? iterator.next()
      next = undefined
      return result
    },
    return: async () => (await iterator.return?.()) ?? { done: true, value: undefined },
  }
  return { first: begun.done ? undefined : begun.value, all }
}
