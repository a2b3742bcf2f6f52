import type { Root } from 'protobufjs/light.js'
import type { TypeFile } from './schema.js'

/** What a file says of itself, beside what it declares. */
export type FileFacts = Pick<
  TypeFile,
  'package' | 'edition' | 'options' | 'imports' | 'publicImports' | 'weakImports' | 'optionImports'
>

// The library has no object for a file: what is said of one is kept here, as long as its types are.
const noted = new WeakMap<Root, Map<string, FileFacts>>()

/** Notes what a file says of itself, for those who describe it. */
export function noteFile(root: Root, name: string, facts: FileFacts): void {
  const files = noted.get(root) ?? new Map()
  noted.set(root, files)
  files.set(name, facts)
}

/** What a file said of itself; `undefined` if nobody noted it. */
export function factsOf(root: Root, name: string): FileFacts | undefined {
  return noted.get(root)?.get(name)
}
