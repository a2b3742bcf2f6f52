import type { AnyNestedObject, Root } from 'protobufjs/light.js'
import { addBundled, isBundled } from '../../protobuf/bundled/bundled-root.js'
import { protobufLibrary } from '../../protobuf/library/protobuf-library.js'
import type { FileDescriptorProto, ServiceDescriptorProto } from '../file-descriptor.js'
import { Annotator } from './annotate.js'
import { editionOf } from './edition.js'
import { featuresIn } from './features.js'
import { enumJson, type FileFacts, fieldsJson, groupsIn, type Json, messageJson } from './type-json.js'

const DESCRIPTOR = 'google/protobuf/descriptor.proto'

/**
 * Puts the types of described files together, with their options and comments. Bundled files are taken from the bundle.
 *
 * Throws an `Error` that names the file and what is wrong: an edition that is not known, an import or a type that is missing.
 */
export function readFiles(files: readonly FileDescriptorProto[]): Root {
  const root = new (protobufLibrary().Root)()
  addBundled(root, DESCRIPTOR)
  const own = files.filter(({ name = '' }) => !isBundled(name))
  const names = new Set(files.map(({ name }) => name))
  for (const { name = '', dependency } of files) {
    const missing = dependency.filter((imported) => !names.has(imported) && !isBundled(imported))
    if (missing.length > 0) throw new Error(`${name}: ${missing.join(', ')}, which it imports, is not among the files`)
    for (const imported of dependency) addBundled(root, imported)
    addBundled(root, name)
  }
  for (const file of own) addFile(root, file)
  root.resolveAll()
  for (const file of own) new Annotator(root, file).file(file)
  return root
}

function addFile(root: Root, file: FileDescriptorProto): void {
  const { name = '', package: pkg = '', options } = file
  const facts = { edition: editionOf(file), features: options?.features }
  const declared = declarationsOf(file, facts) as Record<string, AnyNestedObject>
  const namespace = pkg === '' ? root : root.define(pkg)
  root.files.push(name)
  namespace.addJSON(declared)
  for (const own of Object.keys(declared)) {
    const object = namespace.get(own)
    if (object) object.filename = name
  }
}

function declarationsOf(file: FileDescriptorProto, facts: FileFacts): Json {
  const { edition } = facts
  const groups = groupsIn(file.extension, facts)
  const named = [
    ...file.messageType.map((type) => {
      const group = groups.has(type.name ?? '') && { group: true }
      return [type.name, { ...messageJson(type, facts), ...group, edition }]
    }),
    ...file.enumType.map((type) => [type.name, { ...enumJson(type, facts), edition }]),
    ...file.service.map((service) => [service.name, { ...serviceJson(service, facts), edition }]),
    ...Object.entries(fieldsJson(file.extension, facts)).map(([name, field]) => [
      name,
      { ...(field as Json), edition },
    ]),
  ]
  return Object.fromEntries(named)
}

function serviceJson({ method, options }: ServiceDescriptorProto, { features: ofFile }: FileFacts): Json {
  const features = featuresIn(ofFile, options?.features)
  const methods = method.map(({ name, inputType, outputType, clientStreaming, serverStreaming }) => [
    name,
    {
      requestType: inputType,
      responseType: outputType,
      ...(clientStreaming && { requestStream: true }),
      ...(serverStreaming && { responseStream: true }),
    },
  ])
  return { options: features ? { features } : {}, methods: Object.fromEntries(methods) }
}
