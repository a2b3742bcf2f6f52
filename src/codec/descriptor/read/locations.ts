import type { FileDescriptorProto, SourceLocation } from '../file-descriptor.js'

/** Where a declaration is in a descriptor: field numbers and indexes from the file down. */
export type DescriptorPath = readonly number[]

/** Numbers of the fields that hold declarations. */
export const Part = {
  message: 4,
  enum: 5,
  service: 6,
  extension: 7,
  fieldOfMessage: 2,
  nestedMessage: 3,
  nestedEnum: 4,
  nestedExtension: 6,
  oneof: 8,
  value: 2,
  method: 2,
} as const

/** What a descriptor says of the source that it was made from. */
export class Locations {
  readonly #byPath: ReadonlyMap<string, SourceLocation>

  constructor({ sourceCodeInfo }: FileDescriptorProto) {
    this.#byPath = new Map((sourceCodeInfo?.location ?? []).map((location) => [location.path.join(), location]))
  }

  /** The comment of a declaration: that in front of it, else that behind it. */
  comment(path: DescriptorPath): string | undefined {
    const { leadingComments, trailingComments } = this.#byPath.get(path.join()) ?? {}
    return plain(leadingComments) || plain(trailingComments) || undefined
  }

  /** Where a declaration begins, from 1; `undefined` if the descriptor does not tell. */
  position(path: DescriptorPath): { readonly line: number; readonly column: number } | undefined {
    const [line, column] = this.#byPath.get(path.join())?.span ?? []
    return line === undefined || column === undefined ? undefined : { line: line + 1, column: column + 1 }
  }
}

function plain(comment: string | undefined): string {
  // Compilers take the second star of `/**` for text.
  return (comment ?? '')
    .replace(/^\*(?=\s)/, '')
    .split('\n')
    .map((line) => line.trim())
    .join('\n')
    .trim()
}
