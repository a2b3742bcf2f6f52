import { isBundled } from '../../codec/protobuf/bundled/bundled-root.js'
import { describeFiles } from '../../service/proto-schema/describe-files.js'
import type { ContractFile } from '../../service/proto-schema/proto-schema.js'
import { type Input, readInput } from '../input/read-input.js'
import { type ContractSource, contractFiles } from '../proto/contract-of.js'
import { locateDeclarations, type Position } from './locate-declarations.js'

/** `.proto` files, folders with them, or a descriptor set. */
export type ContractInput = Input

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
 * Reads the contract that `.proto` files have, folders with them, or a descriptor set: as `generate` does.
 *
 * Throws a `ProtoError` that names file and line of every problem.
 */
export function readContract(input: ContractInput | readonly string[]): ContractVersion {
  const read = readInput(isPaths(input) ? { files: input } : input)
  // Imported files are somebody else's contract: they go when nobody refers to them any more.
  const files = describeFiles(read).filter(({ name }) => read.requested.includes(name) && !isBundled(name))
  return { files, sources: read.files }
}

function isPaths(input: ContractInput | readonly string[]): input is readonly string[] {
  return Array.isArray(input)
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
