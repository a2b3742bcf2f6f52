import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ProtoFiles } from '../service/proto/proto-files.js'
import { describeFiles } from '../service/proto-schema/describe-files.js'
import { type Input, readInput } from './input/read-input.js'
import { isWellKnown } from './typescript/file-scope.js'
import { outputPath } from './typescript/output-path.js'
import { printFiles } from './typescript/print-file.js'

/** What relative imports between generated files end with. */
export type ImportExtension = '.js' | '.ts' | ''

/** What code is generated from, and how. */
export interface GenerateOptions extends Input {
  /** What relative imports between generated files end with: `.js` by default, `.ts` to run without a build. */
  readonly importExtension?: ImportExtension | undefined
}

/** A file of generated code. */
export interface GeneratedFile {
  /** Relative to the output folder: `shop/v1/orders_pb.ts`. */
  readonly path: string
  readonly text: string
}

/**
 * Generates TypeScript from `.proto` files or a descriptor set: the types of messages, their codecs, and the definitions of
 * services. Also for imported files, as far as these refer to their types. The same input gives the same text.
 *
 * Throws a `ProtoError` that names file, line and column of every problem.
 */
export function generateCode(options: GenerateOptions): GeneratedFile[] {
  return codeOf(readInput(options), options.importExtension)
}

/**
 * Generates code as `generateCode` does and writes it below `out`. Returns the paths of the files. Those that are there
 * already with the same text are left as they are.
 */
export function generate(options: GenerateOptions & { readonly out: string }): string[] {
  return writeCode(generateCode(options), options.out).map(({ path }) => path)
}

/** A file that code was written to. */
export interface WrittenFile {
  readonly path: string
  /** False if it had the same text before. */
  readonly changed: boolean
}

/** Writes generated code below a folder. */
export function writeCode(code: readonly GeneratedFile[], out: string): WrittenFile[] {
  return code.map(({ path, text }) => {
    const target = join(out, path)
    const changed = !existsSync(target) || readFileSync(target, 'utf8') !== text
    if (changed) {
      mkdirSync(dirname(target), { recursive: true })
      writeFileSync(target, text)
    }
    return { path: target, changed }
  })
}

/** Generates code from what was read. */
export function codeOf(files: ProtoFiles, importExtension: ImportExtension = '.js'): GeneratedFile[] {
  const schemas = describeFiles(files).filter(({ name }) => !isWellKnown(name))
  const texts = printFiles(schemas, importExtension)
  return schemas
    .map((schema, index) => ({ path: outputPath(schema.name), text: texts[index] ?? '' }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}
