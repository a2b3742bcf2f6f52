import type { Enum, Field, OneOf, ReflectionObject, Root, Service, Type } from 'protobufjs/light.js'
import type { MessageCodec } from '../../message-codec.js'
import { noteFile } from '../../schema/file-facts.js'
import { named } from '../../schema/named.js'
import { RANGE_OPTIONS } from '../../schema/options.js'
import type { Options } from '../../schema/schema.js'
import { descriptorCodec } from '../descriptor-codec.js'
import type {
  DescriptorProto,
  EnumDescriptorProto,
  FieldDescriptorProto,
  FileDescriptorProto,
  ServiceDescriptorProto,
} from '../file-descriptor.js'
import { editionOf } from './edition.js'
import { type DescriptorPath, Locations, Part } from './locations.js'
import { optionValues } from './option-values.js'
import { defaultOf, isEntry, nameOf, propertyOf, writtenJsonName } from './type-json.js'

/** Adds comments and options to what a file declares, once all types are there that options are of. */
export class Annotator {
  readonly #root: Root
  readonly #locations: Locations
  readonly #codecs = new Map<string, MessageCodec>()

  constructor(root: Root, file: FileDescriptorProto) {
    this.#root = root
    this.#locations = new Locations(file)
  }

  /** The declarations at the top of a file, and the file itself. */
  file(file: FileDescriptorProto): void {
    const options = this.#options('File', file.options)
    const { dependency: imports } = file
    const named = (indexes: readonly number[]): string[] => indexes.flatMap((index) => imports[index] ?? [])
    noteFile(this.#root, file.name ?? '', {
      package: file.package ?? '',
      edition: editionOf(file),
      options,
      imports,
      publicImports: named(file.publicDependency),
      weakImports: named(file.weakDependency),
      optionImports: file.optionDependency,
    })
    const scope = file.package ? `${file.package}.` : ''
    for (const [index, message] of file.messageType.entries())
      this.#message(this.#root.lookupType(scope + message.name), message, [Part.message, index])
    for (const [index, type] of file.enumType.entries())
      this.#enum(this.#root.lookupEnum(scope + type.name), type, [Part.enum, index])
    for (const [index, service] of file.service.entries())
      this.#service(this.#root.lookupService(scope + service.name), service, [Part.service, index])
    for (const [index, field] of file.extension.entries())
      this.#field(this.#root.lookup(scope + nameOf(field)), field, [Part.extension, index])
  }

  #message(type: Type, message: DescriptorProto, path: DescriptorPath): void {
    this.#describe(type, path, this.#options('Message', message.options))
    const ranges = message.extensionRange.flatMap(({ start = 0, options }) => {
      return options ? [[start, this.#options('ExtensionRange', options)] as const] : []
    })
    if (ranges.length > 0) type.setOption(RANGE_OPTIONS, Object.fromEntries(ranges))
    for (const [index, field] of message.field.entries())
      this.#field(type.fields[nameOf(field)], field, [...path, Part.fieldOfMessage, index])
    for (const [index, field] of message.extension.entries())
      this.#field(type.get(nameOf(field)), field, [...path, Part.nestedExtension, index])
    for (const [index, { name, options }] of message.oneofDecl.entries())
      this.#describe(type.oneofs[propertyOf(name)], [...path, Part.oneof, index], this.#options('Oneof', options))
    for (const [index, nested] of message.nestedType.entries())
      if (!isEntry(nested))
        this.#message(type.get(nested.name ?? '') as Type, nested, [...path, Part.nestedMessage, index])
    for (const [index, nested] of message.enumType.entries())
      this.#enum(type.get(nested.name ?? '') as Enum, nested, [...path, Part.nestedEnum, index])
  }

  #field(field: ReflectionObject | null | undefined, descriptor: FieldDescriptorProto, path: DescriptorPath): void {
    const { jsonName } = writtenJsonName(descriptor)
    const value = defaultOf(descriptor)
    this.#describe(field as Field | OneOf | undefined, path, {
      ...(jsonName !== undefined && { json_name: jsonName }),
      ...(value !== undefined && { default: value }),
      ...this.#options('Field', descriptor.options),
    })
  }

  #enum(type: Enum, { value, options }: EnumDescriptorProto, path: DescriptorPath): void {
    this.#describe(type, path, this.#options('Enum', options))
    const valuesOptions = named<Options>()
    for (const [index, { name = '', options: own }] of value.entries()) {
      const comment = this.#locations.comment([...path, Part.value, index])
      if (comment !== undefined) type.comments[name] = comment
      const set = this.#options('EnumValue', own)
      if (Object.keys(set).length > 0) valuesOptions[name] = set
    }
    if (Object.keys(valuesOptions).length > 0) type.valuesOptions = valuesOptions
  }

  #service(service: Service, { method, options }: ServiceDescriptorProto, path: DescriptorPath): void {
    this.#describe(service, path, this.#options('Service', options))
    for (const [index, { name = '', options: own }] of method.entries()) {
      const set = this.#options('Method', own)
      this.#describe(service.methods[name], [...path, Part.method, index], set)
    }
  }

  #describe(object: ReflectionObject | undefined, path: DescriptorPath, options: Options): void {
    if (!object) return
    object.comment = this.#locations.comment(path) ?? null
    object.parsedOptions = [options]
    for (const [name, value] of Object.entries(options)) object.setOption(name, value, true)
  }

  #options(kind: string, options: object | undefined): Options {
    if (!options) return {}
    const name = `${kind}Options`
    const codec = this.#codecs.get(name) ?? descriptorCodec(name)
    this.#codecs.set(name, codec)
    // What the descriptor knows and what it does not, extensions, come out alike when both are in binary form.
    return optionValues(this.#root.lookupType(`google.protobuf.${name}`), codec.encode(options))
  }
}
