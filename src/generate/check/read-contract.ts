import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { isBundled } from '../../codec/protobuf/bundled/bundled-root.js'
import { readProtoFiles } from '../../service/proto/read-proto.js'
import { describeFiles } from '../../service/proto-schema/describe-files.js'
import type { ContractFile } from '../../service/proto-schema/proto-schema.js'
import { type ContractSource, contractFiles } from '../proto/contract-of.js'
import { locateDeclarations, type Position } from './locate-declarations.js'

/** A contract as it was or is at one time. */
export interface ContractVersion {
  readonly files: readonly ContractFile[]
  /** What to call a file, and where its declarations begin; absent if the contract is from code. */
  readonly sources?: ReadonlyMap<string, SourceText> | undefined
}

/** The text of a file. */
export interface SourceText {
  /** As one would open it from here, for people. */
  readonly path: string
  readonly source: string
}

/**
 * Reads the contract that `.proto` files have, and folders with them at any depth. Imports are looked for in such folders, in
 * `includes`, and without any in the folders above the importing file.
 *
 * Throws a `ProtoError` that names file and line of every problem.
 */
export function readContract(
  paths: readonly string[],
  { includes = [] }: { readonly includes?: readonly string[] | undefined } = {},
): ContractVersion {
  const folders = paths.filter((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory())
  const found = paths.flatMap((path) => (folders.includes(path) ? protoFilesIn(path) : [path]))
  const read = readProtoFiles(found, [...includes, ...folders])
  // Imported files are somebody else's contract: they go when nobody refers to them any more.
  const files = describeFiles(read).filter(({ name }) => read.requested.includes(name))
  return { files, sources: read.files }
}

/** The contract of whatever is given: a version that was read, or what was defined in code. */
export function versionOf(source: ContractVersion | readonly ContractSource[]): ContractVersion {
  if ('files' in source) return source
  return { files: contractFiles(source).filter(({ name }) => !isBundled(name)) }
}

/** Finds where declarations begin. Files are read when they are first asked for. */
export function locator({ sources }: ContractVersion): (file: string, path: readonly string[]) => Position | undefined {
  const known = new Map<string, ReadonlyMap<string, Position>>()
  return (file, path) => {
    const text = sources?.get(file)
    if (!text) return undefined
    const positions = known.get(file) ?? locateDeclarations(text.source)
    known.set(file, positions)
    return positions.get(path.join('.'))
  }
}

function protoFilesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.proto') && !path.split(/[\\/]/).includes('node_modules'))
    .sort()
    .map((path) => join(folder, path))
}
