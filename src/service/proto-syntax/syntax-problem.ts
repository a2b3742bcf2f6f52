/** What is wrong with the text of a file, and where. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem'
  /** Offset in the text. */
  readonly at: number

  constructor(text: string, at: number) {
    super(text)
    this.at = at
  }
}
