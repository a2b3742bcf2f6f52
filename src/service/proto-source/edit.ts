/** What was found in a source, and what to write in its place. */
export interface Edit {
  readonly from: number
  readonly to: number
  readonly text: string
}

/** The source with edits made, which must not overlap. */
export function edited(source: string, edits: readonly Edit[]): string {
  let at = 0
  const parts = edits
    .toSorted((a, b) => a.from - b.from)
    .map(({ from, to, text }) => {
      const before = source.slice(at, from)
      at = to
      return before + text
    })
  return [...parts, source.slice(at)].join('')
}
