/** Fails a case unless `condition` holds. */
export function check(condition: boolean, claim: string): asserts condition {
  if (!condition) throw new Error(`does not hold: ${claim}`)
}

/** Fails a case unless both print the same; bytes and bigints count. */
export function equal(actual: unknown, expected: unknown, what: string): void {
  const [got, wanted] = [print(actual), print(expected)]
  if (got !== wanted) throw new Error(`${what}: got ${got}, expected ${wanted}`)
}

function print(value: unknown): string {
  return (
    JSON.stringify(value, (_, part: unknown) => {
      if (typeof part === 'bigint') return `${part}n`
      if (part instanceof Uint8Array) return `bytes ${[...part.subarray(0, 16)]} of ${part.length}`
      return part
    }) ?? 'undefined'
  )
}

/** A promise that others settle: how a handler tells a case that it got somewhere. */
export interface Gate<T = void> {
  readonly reached: Promise<T>
  open(value: T): void
}

/** Makes a gate that is closed. */
export function gate<T = void>(): Gate<T> {
  let open: (value: T) => void = () => {}
  const reached = new Promise<T>((resolve) => {
    open = resolve
  })
  return { reached, open }
}
