/** Whether a code point is one that is looked for. */
export type CharTest = (codePoint: number) => boolean

/** A place between characters: at the start or end of the text or of a line, at the edge of a word or not at one. */
export type Place = 'start' | 'end' | 'lineStart' | 'lineEnd' | 'edge' | 'noEdge'

/** A part of a pattern. */
export type Node =
  | { readonly kind: 'char'; readonly test: CharTest }
  | { readonly kind: 'place'; readonly place: Place }
  | { readonly kind: 'all'; readonly parts: readonly Node[] }
  | { readonly kind: 'any'; readonly parts: readonly Node[] }
  /** A part so many times, `max` infinite for no limit. */
  | { readonly kind: 'repeat'; readonly part: Node; readonly min: number; readonly max: number }

/** What is wrong with a pattern. */
export class PatternProblem extends Error {
  override readonly name = 'PatternProblem'
}
