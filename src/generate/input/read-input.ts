import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { ProtoError } from '../../service/proto/proto-error.js'
import type { ProtoFiles } from '../../service/proto/proto-files.js'
import { readDescriptorSet } from '../../service/proto/read-descriptors.js'
import { readProtoFiles } from '../../service/proto/read-proto.js'
import { type BufWorkspace, bufWorkspace, isWithin } from './buf-workspace.js'

/** Contracts to generate from. */
export interface Input {
  /** `.proto` files, and folders with them at any depth. A folder is also one that imports are relative to. */
  readonly files?: readonly string[] | undefined
  /** Folders that imports are relative to, like `-I` of protoc. Without any, the folders above an importing file. */
  readonly includes?: readonly string[] | undefined
  /** A `FileDescriptorSet` instead of files: what `buf build -o` or `protoc -o` wrote, as a path or its bytes. */
  readonly descriptorSet?: string | Uint8Array | undefined
}

/** Reads contracts. Throws a `ProtoError`, or a `TypeError` if there is nothing to read. */
export function readInput({ files = [], includes = [], descriptorSet }: Input): ProtoFiles {
  if (descriptorSet !== undefined) {
    if (files.length > 0) throw new TypeError('files and a descriptor set are given: one of them will do')
    return typeof descriptorSet === 'string'
      ? readDescriptorSet(readSet(descriptorSet), descriptorSet)
      : readDescriptorSet(descriptorSet, 'descriptor set')
  }
  const workspaces = files.map((path) => bufWorkspace(path))
  const paths = files.flatMap((path, index) => (isFolder(path) ? protoFilesIn(path, workspaces[index]) : [path]))
  if (paths.length === 0) throw new TypeError(`there is no .proto file in ${files.join(', ') || 'no files'}`)
  const found = workspaces.filter((workspace) => workspace !== undefined)
  const roots = found.flatMap((workspace) => workspace.roots).sort((a, b) => b.length - a.length)
  // Where buf says what imports are relative to, a folder that was named only says which files are meant.
  const folders = files.filter((path, index) => isFolder(path) && !workspaces[index])
  return readProtoFiles(paths, [...includes, ...new Set(roots), ...folders], hintOf(found))
}

/** Every file and folder that a change of may change what is generated. */
export function watchedPaths({ files = [], includes = [], descriptorSet }: Input): string[] {
  const roots = files.flatMap((path) => bufWorkspaceOrNone(path)?.roots ?? [])
  return [...new Set([...files, ...includes, ...roots, ...(typeof descriptorSet === 'string' ? [descriptorSet] : [])])]
}

function bufWorkspaceOrNone(path: string): BufWorkspace | undefined {
  try {
    return bufWorkspace(path)
  } catch {
    return undefined
  }
}

function readSet(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    const text = code === 'ENOENT' ? 'there is no such file' : `cannot be read: ${code}`
    throw new ProtoError([{ file: path, line: undefined, text }])
  }
}

/** What to say of an import that is not there. */
function hintOf(workspaces: readonly BufWorkspace[]): string | undefined {
  const deps = [...new Set(workspaces.flatMap((workspace) => workspace.deps.map(({ name }) => name)))]
  if (deps.length === 0) return undefined
  const [first = ''] = deps
  return `it may be of ${deps.join(' or ')}, which buf.yaml depends on: nothing is downloaded here, so write it to a folder with "buf export ${first} --output DIR" and name that with -I DIR`
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false
}

function protoFilesIn(folder: string, workspace: BufWorkspace | undefined): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.proto') && !path.split(/[\\/]/).includes('node_modules'))
    .sort()
    .map((path) => join(folder, path))
    .filter((path) => !workspace || isPartOf(resolve(path), workspace))
}

function isPartOf(path: string, { roots, excludes }: BufWorkspace): boolean {
  return roots.some((root) => isWithin(path, root)) && !excludes.some((excluded) => isWithin(path, excluded))
}
