import type { MessageCodec } from '../../codec/message-codec.js'
import { keptImports } from '../../codec/schema/imports.js'
import { packageFile } from '../../codec/schema/locate.js'
import type {
  EnumSchema,
  ExtensionSchema,
  MessageReference,
  MessageSchema,
  TypeFile,
  TypeReference,
} from '../../codec/schema/schema.js'
import type { Method } from '../../endpoint/method.js'
import type { ServiceDefinition } from '../definition.js'
import { neededFiles, referencesOf } from './needed-files.js'
import type { ContractFile, MethodSchema, ServiceSchema } from './proto-schema.js'

/**
 * What definitions say, by file: the services, and the types that their methods refer to, at any depth; and messages that
 * are given beside them. Imported before importing. A service with a message whose codec has no schema is left out.
 *
 * Types of one package that were defined in code come together, whichever of them was built first.
 */
export function definitionFiles(
  definitions: readonly ServiceDefinition[],
  messages: readonly MessageCodec[] = [],
): ContractFile[] {
  const files = new Files()
  for (const reference of messages.flatMap((codec) => referenceOf(codec) ?? [])) files.addMessage(reference)
  for (const definition of definitions) {
    const service = serviceSchemaOf(definition)
    if (service) files.addService(service, definition.declaredIn)
  }
  return files.inOrder()
}

/** Describes a service by its definition; `undefined` if a codec of it has no schema. */
export function serviceSchemaOf(definition: ServiceDefinition): ServiceSchema | undefined {
  const { name: fullName, comment, deprecated = false, options = {} } = definition
  const methods = Object.entries(definition.methods).map(([localName, method]) => methodSchemaOf(localName, method))
  if (!methods.every((method) => method !== undefined)) return undefined
  const at = fullName.lastIndexOf('.')
  const file = definition.file ?? packageFile(fullName.slice(0, Math.max(at, 0)))
  return { fullName, name: fullName.slice(at + 1), file, methods, comment, deprecated, options }
}

function methodSchemaOf(localName: string, method: Method): MethodSchema | undefined {
  const { name, kind, idempotency, http, comment, deprecated = false, options = {} } = method
  const request = referenceOf(method.request)
  const response = referenceOf(method.response)
  if (!request || !response) return undefined
  return { name, localName, kind, idempotency, http, comment, deprecated, options, request, response }
}

function referenceOf({ schema }: MessageCodec): MessageReference | undefined {
  if (!schema) return undefined
  const { fullName, path } = schema
  return { kind: 'message', file: schema.declaredIn.name, fullName, path, schema }
}

/** Types and services of a file, as they come in. */
interface Growing {
  readonly file: Omit<TypeFile, 'messages' | 'enums' | 'extensions' | 'optionFiles'>
  readonly messages: Map<string, MessageSchema>
  readonly enums: Map<string, EnumSchema>
  readonly extensions: Map<string, ExtensionSchema>
  readonly optionFiles: Map<string, TypeFile>
  readonly services: ServiceSchema[]
}

class Files {
  readonly #files = new Map<string, Growing>()

  addService(service: ServiceSchema, declaredIn: TypeFile | undefined): void {
    if (declaredIn) this.#addFile(declaredIn)
    const name = service.fullName.slice(0, Math.max(service.fullName.lastIndexOf('.'), 0))
    const [first] = service.methods
    const edition = first?.request.file === service.file ? first.request.schema.declaredIn.edition : 'proto3'
    this.#at({ name: service.file, package: name, edition }).services.push(service)
    this.#follow({ messages: [], services: [service] })
  }

  addMessage(reference: MessageReference): void {
    this.#add(reference)
  }

  inOrder(): ContractFile[] {
    const done = new Map<string, ContractFile>()
    const add = (name: string): void => {
      const growing = this.#files.get(name)
      if (!growing || done.has(name)) return
      const { messages, enums, extensions, optionFiles, services } = growing
      const file = {
        ...growing.file,
        messages: [...messages.values()],
        enums: [...enums.values()],
        extensions: [...extensions.values()],
        optionFiles: [...optionFiles.values()],
        services,
      }
      // Packages that were defined in code may go round in a circle: then one of them is the first.
      this.#files.delete(name)
      for (const reference of referencesOf(file)) add(reference.file)
      for (const imported of keptImports(file, neededFiles(file))) {
        if (!done.has(imported.name)) this.#addFile(imported)
        add(imported.name)
      }
      done.set(name, file)
    }
    for (const name of [...this.#files.keys()]) add(name)
    return [...done.values()]
  }

  /** Adds what something refers to, with the whole of its file. */
  #follow(from: Pick<ContractFile, 'messages' | 'services'>): void {
    for (const reference of referencesOf(from)) this.#add(reference)
  }

  #add({ schema }: TypeReference): void {
    this.#addFile(schema.declaredIn)
  }

  #addFile({ messages, enums, extensions = [], optionFiles = [], ...file }: TypeFile): void {
    const growing = this.#at(file)
    for (const type of enums) growing.enums.set(type.fullName, type)
    for (const field of extensions) growing.extensions.set(field.fullName, field)
    for (const other of optionFiles) growing.optionFiles.set(other.name, other)
    const added = messages.filter((message) => {
      const known = growing.messages.get(message.fullName)
      return known === undefined || (known !== message && saysNothing(known) && !saysNothing(message))
    })
    for (const message of added) growing.messages.set(message.fullName, message)
    if (added.length > 0) this.#follow({ messages: added, services: [] })
  }

  #at(file: Growing['file']): Growing {
    const known = this.#files.get(file.name) ?? {
      file,
      messages: new Map(),
      enums: new Map(),
      extensions: new Map(),
      optionFiles: new Map(),
      services: [],
    }
    this.#files.set(file.name, known)
    return known
  }
}

/** True of a message that may be there only for what is nested in it, and be defined elsewhere. */
function saysNothing({ members, reserved, comment, options }: MessageSchema): boolean {
  const said = members.length + reserved.numbers.length + reserved.names.length + Object.keys(options).length
  return said === 0 && comment === undefined
}
