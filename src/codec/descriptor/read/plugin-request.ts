import { Reader } from '../../protobuf/wire/reader.js'
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
  const reader = new Reader(bytes)
  const fileToGenerate: string[] = []
  const protoFile: FileDescriptorProto[] = []
  let parameter = ''
  while (reader.at < reader.end) {
    const tag = reader.tag()
    const no = tag >>> 3
    if (no === FILE_TO_GENERATE) fileToGenerate.push(reader.text())
    else if (no === PARAMETER) parameter = reader.text()
    else if (no === PROTO_FILE) protoFile.push(FileDescriptorProto.decode(reader.copy()))
    else reader.skip(tag, 0)
  }
  return { fileToGenerate, parameter, protoFile }
}
