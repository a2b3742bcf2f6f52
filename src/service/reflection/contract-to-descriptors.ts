import type { MethodOptions, ServiceOptions } from '../../codec/descriptor/descriptor-options.js'
import type {
  FileDescriptorProto,
  MethodDescriptorProto,
  ServiceDescriptorProto,
} from '../../codec/descriptor/file-descriptor.js'
import { bundledTypeFile } from '../../codec/descriptor/write/bundled-schemas.js'
import type { FileWriter } from '../../codec/descriptor/write/file-writer.js'
import { KnownExtensions } from '../../codec/descriptor/write/option-scope.js'
import { typesOf, writeFile } from '../../codec/descriptor/write/write-file.js'
import type { MessageInit } from '../../codec/message-init.js'
import type { Options, TypeFile } from '../../codec/schema/schema.js'
import { streamsRequests, streamsResponses } from '../../endpoint/method.js'
import type { ContractFile, MethodSchema, ServiceSchema } from '../proto-schema/proto-schema.js'
import { httpOption } from './http-option.js'

/**
 * Describes files as `protoc` does, with everything that they need: types, services, and the bundled files that they refer
 * to, for options too. Imported files come before importing ones.
 *
 * Options that are extensions are known where a bundled file or one that `files` know of declares them. Files are described
 * without comments.
 */
export function contractToDescriptors(files: readonly ContractFile[]): FileDescriptorProto[] {
  const available = availableFiles(files)
  const known = new KnownExtensions([...available.values()])
  const described = new Map<string, FileDescriptorProto>()
  const describe = (name: string): void => {
    const file = available.get(name) ?? bundledTypeFile(name)
    if (!file || described.has(name)) return
    const services = files.find((one) => one.name === name)?.services ?? []
    const descriptor = describeFile(file, services, known)
    described.set(name, descriptor)
    for (const needed of importsIn(descriptor)) describe(needed)
  }
  for (const { name } of files) describe(name)
  return inOrder(described)
}

/** The files, those that their options are from, and all that these refer to; bundled ones whole. */
function availableFiles(files: readonly TypeFile[]): Map<string, TypeFile> {
  const available = new Map<string, TypeFile>()
  const add = (file: TypeFile): void => {
    if (available.has(file.name)) return
    available.set(file.name, bundledTypeFile(file.name) ?? file)
    for (const type of typesOf(file)) {
      if (!available.has(type.file) && !files.some(({ name }) => name === type.file)) add(type.schema.declaredIn)
    }
    for (const other of [...(file.importedFiles ?? []), ...(file.optionFiles ?? [])]) add(other)
  }
  for (const file of files) add(file)
  return available
}

function describeFile(file: TypeFile, services: readonly ServiceSchema[], known: KnownExtensions): FileDescriptorProto {
  const methods = services.flatMap((service) => service.methods)
  return writeFile(
    file,
    {
      write: (writer) => services.map((service) => writeService(service, writer)),
      files: methods.flatMap(({ request, response }) => [request.file, response.file]),
    },
    known,
  )
}

function writeService(service: ServiceSchema, writer: FileWriter): MessageInit<ServiceDescriptorProto> {
  const { name, methods, deprecated, options } = service
  return {
    name,
    method: methods.map((method) => writeMethod(method, writer)),
    options: writer.options.write<ServiceOptions>('ServiceOptions', deprecated ? { ...options, deprecated } : options),
  }
}

function writeMethod(method: MethodSchema, { options }: FileWriter): MessageInit<MethodDescriptorProto> {
  const { name, kind, request, response } = method
  return {
    name,
    inputType: `.${request.fullName}`,
    outputType: `.${response.fullName}`,
    options: options.write<MethodOptions>('MethodOptions', methodOptions(method)),
    clientStreaming: streamsRequests(kind) || undefined,
    serverStreaming: streamsResponses(kind) || undefined,
  }
}

/** The options of a method, with those that it has as facts. */
function methodOptions({ options, deprecated, idempotency, http }: MethodSchema): Options {
  return {
    ...(http.length > 0 && { '(google.api.http)': httpOption(http) }),
    ...options,
    ...(deprecated && { deprecated }),
    ...(idempotency !== 'unknown' && { idempotency_level: idempotency.toUpperCase() }),
  }
}

/** Imported before importing; the first one of a circle, which only packages that are defined in code can go round in. */
function inOrder(files: ReadonlyMap<string, FileDescriptorProto>): FileDescriptorProto[] {
  const ordered = new Set<FileDescriptorProto>()
  const entered = new Set<string>()
  const add = (name: string): void => {
    const file = files.get(name)
    if (!file || entered.has(name)) return
    entered.add(name)
    for (const needed of importsIn(file)) add(needed)
    ordered.add(file)
  }
  for (const name of files.keys()) add(name)
  return [...ordered]
}

/** Names of all files that a file imports. */
export function importsIn({ dependency, optionDependency }: FileDescriptorProto): string[] {
  return [...dependency, ...optionDependency]
}
