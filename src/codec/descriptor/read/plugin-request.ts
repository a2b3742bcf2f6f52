import { protobufLibrary } from '../../protobuf/library/protobuf-library.js'
import { FileDescriptorProto } from '../file-descriptor.js'

/** What protoc and buf ask of a plugin: `google.protobuf.compiler.CodeGeneratorRequest`. */
export interface PluginRequest {
  /** Names of the files that code is asked for. */
  readonly fileToGenerate: readonly string[]
  /** What was said behind `--tierkit_opt`, or by `opt` of `buf.gen.yaml`. */
  readonly parameter: string
  /** All files that are needed, each behind those that it imports. */
  readonly protoFile: readonly FileDescriptorProto[]
}

const FILE_TO_GENERATE = 1
const PARAMETER = 2
const PROTO_FILE = 15

/** Reads a request in binary form; extensions in descriptors are kept. */
export function readPluginRequest(bytes: Uint8Array): PluginRequest {
  const reader = protobufLibrary().Reader.create(bytes)
  const fileToGenerate: string[] = []
  const protoFile: FileDescriptorProto[] = []
  let parameter = ''
  while (reader.pos < reader.len) {
    const tag = reader.uint32()
    const no = tag >>> 3
    if (no === FILE_TO_GENERATE) fileToGenerate.push(reader.string())
    else if (no === PARAMETER) parameter = reader.string()
    else if (no === PROTO_FILE) protoFile.push(FileDescriptorProto.decode(reader.bytes()))
    else reader.skipType(tag & 7)
  }
  return { fileToGenerate, parameter, protoFile }
}
