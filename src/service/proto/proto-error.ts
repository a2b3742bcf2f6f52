/** Something that is wrong in a `.proto` file. */
export interface ProtoProblem {
  /** Path of the file, as one would open it from here. */
  readonly file: string
  /** Line in it, from 1; `undefined` if the whole file is meant. */
  readonly line: number | undefined
  /** Column in the line, from 1; `undefined` without a line. */
  readonly column?: number | undefined
  readonly text: string
}

/** `.proto` files that cannot be used. The message has a line for each problem: `shop/orders.proto:12:3: …`. */
export class ProtoError extends Error {
  override readonly name = 'ProtoError'
  readonly problems: readonly ProtoProblem[]

  constructor(problems: readonly ProtoProblem[]) {
    super(problems.map(textOf).join('\n'))
    this.problems = problems
  }
}

function textOf({ file, line, column, text }: ProtoProblem): string {
  return `${[file, ...(line === undefined ? [] : [line]), ...(column === undefined ? [] : [column])].join(':')}: ${text}`
}
