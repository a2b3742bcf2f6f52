/** Something that is wrong in a file. */
export interface Finding {
  /** Offset in its text. */
  readonly at: number
  readonly text: string
}
