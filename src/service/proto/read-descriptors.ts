import type protobuf from 'protobufjs'
import { type FileDescriptorProto, FileDescriptorSet } from '../../codec/descriptor/file-descriptor.js'
import { Locations, Part } from '../../codec/descriptor/read/locations.js'
import { readFiles } from '../../codec/descriptor/read/read-files.js'
import { isBundled } from '../../codec/protobuf/bundled/bundled-root.js'
import { Reader } from '../../codec/protobuf/wire/reader.js'
import { RpcError } from '../../error/rpc-error.js'
import { httpRules } from './http-rules.js'
import { ProtoError, type ProtoProblem } from './proto-error.js'
import type { ProtoFiles } from './proto-files.js'
import { setNameProblems } from './set-names.js'

/** Number of the field by which `buf build` marks files that are there because others import them. */
const BUF_EXTENSION = 8042

/**
 * Reads a `FileDescriptorSet` in binary form, as `buf build -o` and `protoc --descriptor_set_out --include_imports` write
 * it. `path` is what error texts call it. Throws a `ProtoError`.
 */
export function readDescriptorSet(bytes: Uint8Array, path: string): ProtoFiles {
  const file = orProblem(path, () => FileDescriptorSet.decode(bytes).file)
  if (file.length === 0) throw new ProtoError([{ file: path, line: undefined, text: 'there is no file in it' }])
  const wanted = file.filter((one) => !isImport(one)).map(({ name = '' }) => name)
  return readDescriptors(file, { path, requested: wanted.filter((name) => !isBundled(name)) })
}

/** Puts described files together. `path` is what error texts call all of them. Throws a `ProtoError`. */
export function readDescriptors(
  files: readonly FileDescriptorProto[],
  { path, requested }: { readonly path: string; readonly requested: readonly string[] },
): ProtoFiles {
  const misnamed = files.flatMap(setNameProblems)
  if (misnamed.length > 0) throw new ProtoError(misnamed)
  const root = orProblem(path, () => readFiles(files)) as protobuf.Root
  const problems = files.filter(({ name = '' }) => !isBundled(name)).flatMap((file) => ruleProblems(root, file))
  if (problems.length > 0) throw new ProtoError(problems)
  return { root, files: new Map(), requested }
}

/** What is wrong with the HTTP rules of a file: the compiler that described it does not know. */
function ruleProblems(root: protobuf.Root, file: FileDescriptorProto): ProtoProblem[] {
  const { name = '', package: pkg = '', service: services } = file
  const locations = new Locations(file)
  return services.flatMap((service, index) =>
    service.method.flatMap((method, of) => {
      const found = root.lookupService(pkg === '' ? `${service.name}` : `${pkg}.${service.name}`)
      try {
        httpRules(found.methods[method.name ?? '']?.parsedOptions ?? [])
        return []
      } catch (error) {
        const place = locations.position([Part.service, index, Part.method, of])
        return [{ file: name, line: place?.line, column: place?.column, text: textOf(error) }]
      }
    }),
  )
}

function isImport({ unknown }: FileDescriptorProto): boolean {
  const reader = new Reader(unknown ?? new Uint8Array())
  while (reader.at < reader.end) {
    const tag = reader.tag()
    if (tag >>> 3 !== BUF_EXTENSION) reader.skip(tag, 0)
    // A message whose field 1 says so.
    else return Buffer.from(reader.copy()).subarray(0, 2).equals(Buffer.of(8, 1))
  }
  return false
}

function orProblem<T>(file: string, read: () => T): T {
  try {
    return read()
  } catch (error) {
    throw new ProtoError([{ file, line: undefined, text: textOf(error) }])
  }
}

function textOf(error: unknown): string {
  if (error instanceof RpcError) return error.rawMessage
  return error instanceof Error ? error.message : String(error)
}
