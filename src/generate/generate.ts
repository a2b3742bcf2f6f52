import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { readProtoFiles } from '../service/proto/read-proto.js'
import { describeFiles } from '../service/proto-schema/describe-files.js'
import { isWellKnown } from './typescript/file-scope.js'
import { outputPath } from './typescript/output-path.js'
import { printFiles } from './typescript/print-file.js'

/** What code is generated from, and how. */
export interface GenerateOptions {
  /** `.proto` files, and folders with them at any depth. A folder is also one that imports are relative to. */
  readonly files: readonly string[]
  /** Folders that imports are relative to, like `-I` of protoc. Without any, the folders above an importing file. */
  readonly includes?: readonly string[] | undefined
  /** What relative imports between generated files end with: `.js` by default, `.ts` to run without a build. */
  readonly importExtension?: '.js' | '.ts' | '' | undefined
}

/** A file of generated code. */
export interface GeneratedFile {
  /** Relative to the output folder: `shop/v1/orders_pb.ts`. */
  readonly path: string
  readonly text: string
}

/**
 * Generates TypeScript from `.proto` files: the types of messages, their codecs, and the definitions of services. Also
 * for imported files, as far as these refer to their types. The same input gives the same text.
 *
 * Throws a `ProtoError` that names file and line of every problem.
 */
export function generateCode(options: GenerateOptions): GeneratedFile[] {
  const { files, includes = [], importExtension = '.js' } = options
  const folders = files.filter((path) => isFolder(path))
  const paths = files.flatMap((path) => (folders.includes(path) ? protoFilesIn(path) : [path]))
  if (paths.length === 0) throw new TypeError(`there is no .proto file in ${files.join(', ') || 'no files'}`)
  const schemas = describeFiles(readProtoFiles(paths, [...includes, ...folders])).filter(
    ({ name }) => !isWellKnown(name),
  )
  const texts = printFiles(schemas, importExtension)
  return schemas
    .map((schema, index) => ({ path: outputPath(schema.name), text: texts[index] ?? '' }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Generates code as `generateCode` does and writes it below `out`. Returns the paths of the files written. */
export function generate(options: GenerateOptions & { readonly out: string }): string[] {
  return generateCode(options).map(({ path, text }) => {
    const target = join(options.out, path)
    mkdirSync(dirname(target), { recursive: true })
    writeFileSync(target, text)
    return target
  })
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function protoFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.proto') && !path.split(/[\\/]/).includes('node_modules'))
    .sort()
    .map((path) => join(folder, path))
}
