import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** The top of the repository. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

/** A source file and what it imports. */
export interface SourceFile {
  /** Path from `src/`: `endpoint/context.ts`. */
  readonly path: string
  readonly text: string
  /** Imports and re-exports of other files, as paths from `src/`; type-only and dynamic ones count. */
  readonly imports: readonly string[]
  /** Packages and Node built-ins imported. */
  readonly packages: readonly string[]
}

/** All files below a folder of the repository that end in `suffix`, as paths from its top. */
export function filesBelow(folder: string, suffix: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith(suffix) && !path.includes('node_modules'))
    .map((path) => join(folder, path))
    .sort()
}

/** Every file of `src`. */
export const sources: readonly SourceFile[] = filesBelow('src', '.ts').map((file) => {
  const text = readFileSync(join(root, file), 'utf8')
  const path = relative('src', file)
  const specifiers = ts.preProcessFile(text, true, true).importedFiles.map((imported) => imported.fileName)
  return {
    path,
    text,
    imports: specifiers
      .filter((name) => name.startsWith('.'))
      .map((name) => join(dirname(path), name).replace(/\.js$/, '.ts')),
    packages: specifiers.filter((name) => !name.startsWith('.')),
  }
})

/** The folder of a path as the floor table names it: `transport/http/server.ts` is `transport/http`. */
export function roomOf(path: string): string {
  const [top = '', second = ''] = path.split('/')
  if (!path.includes('/')) return 'index.ts'
  return top === 'transport' && !second.endsWith('.ts') ? `${top}/${second}` : top
}
