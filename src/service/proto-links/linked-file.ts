import type { ReflectionObject } from 'protobufjs'
import { fileOf } from '../../codec/schema/locate.js'
import type { FileSyntax } from '../proto-syntax/syntax.js'
import type { Declarations } from './declarations.js'

/** A file with what it imports. */
export interface LinkedFile {
  readonly name: string
  readonly syntax: FileSyntax
  /** The names that imported files have, by those that the file writes. */
  readonly imported: Map<string, string>
}

/** Files that have been read, and all that is declared in them and in the bundled ones. */
export interface Links {
  readonly declarations: Declarations
  readonly files: ReadonlyMap<string, LinkedFile>
}

/** Names of the files whose declarations a file may refer to: itself, what it imports, and what these pass on. */
export function visibleFiles(file: LinkedFile, { files }: Links): ReadonlySet<string> {
  const visible = new Set([file.name, ...file.imported.values()])
  for (const name of visible) {
    const { syntax, imported } = files.get(name) ?? {}
    for (const { text, kind } of syntax?.imports ?? []) if (kind === 'public') visible.add(imported?.get(text) ?? text)
  }
  return visible
}

/** `proto2` and `proto3`, or the year of an edition. */
export function editionOf(object: ReflectionObject, { files }: Links): string {
  const name = fileOf(object)
  return files.get(name)?.syntax.edition ?? (name === 'google/protobuf/descriptor.proto' ? 'proto2' : 'proto3')
}
