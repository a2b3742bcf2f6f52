import { generate, writeProto } from 'tierkit/generate'
import { expect } from 'vitest'
import { descriptorCodec } from '../../../src/codec/descriptor/descriptor-codec.js'
import { type FileDescriptorProto, FileDescriptorSet } from '../../../src/codec/descriptor/file-descriptor.js'
import { optionValues } from '../../../src/codec/descriptor/read/option-values.js'
import { readFiles as readRoot } from '../../../src/codec/descriptor/read/read-files.js'
import type { ProtoFile } from '../../../src/codec/protobuf-file.js'
import { readDescriptorSet } from '../../../src/service/proto/read-descriptors.js'
import { describeFiles } from '../../../src/service/proto-schema/describe-files.js'
import { contractToDescriptors } from '../../../src/service/reflection/contract-to-descriptors.js'
import { folderWith } from '../fixtures.js'
import { readFiles } from './round-trip.js'

type Files = Readonly<Record<string, string>>

/**
 * The descriptors of files, by name, that are the same in all ways that a contract goes: from its source, read again from
 * descriptors, written as text and read, and from generated code.
 */
export async function descriptorsOf(files: Files): Promise<ReadonlyMap<string, FileDescriptorProto>> {
  const read = readFiles(files)
  const described = contractToDescriptors(read)
  const again = describeFiles(readDescriptorSet(FileDescriptorSet.encode({ file: described }), 'set'))
  expect(own(contractToDescriptors(again), files)).toEqual(own(described, files))
  const texts = Object.fromEntries(writeProto(read).map(({ path, text }) => [path, text]))
  expect(own(contractToDescriptors(readFiles(texts)), files)).toEqual(own(described, files))
  expect(own(contractToDescriptors(await generatedFrom(files)), files)).toEqual(own(described, files))
  return new Map(described.map((file) => [file.name ?? '', file]))
}

/** The texts that files are written as, by name. */
export function textsOf(files: Files): ReadonlyMap<string, string> {
  return new Map(writeProto(readFiles(files)).map(({ path, text }) => [path, text]))
}

function own(described: readonly FileDescriptorProto[], files: Files) {
  return Object.keys(files).map((name) => described.find((file) => file.name === name))
}

/** Without services, which are definitions in code. */
async function generatedFrom(files: Files) {
  const folder = folderWith({ 'package.json': '{ "type": "module" }', ...files })
  const paths = generate({ files: [folder], out: folder, importExtension: '.ts' })
  const modules = await Promise.all(paths.map((path) => import(path) as Promise<Record<string, unknown>>))
  const exported = modules.flatMap((module) => Object.entries(module).filter(([name]) => name.startsWith('file_')))
  return exported.map(([, file]) => ({ ...(file as ProtoFile).schema, services: [] }))
}

/** Reads the options of descriptors, as files have them; a kind is `FieldOptions`, say. */
export function optionsIn(files: readonly FileDescriptorProto[]) {
  const root = readRoot(files)
  return (kind: string, options: object | undefined) =>
    optionValues(root.lookupType(`google.protobuf.${kind}`), descriptorCodec(kind).encode(options ?? {}))
}
