import { isBundled } from '../../codec/protobuf/bundled/bundled-root.js'
import type { Options, OptionValue, TypeReference } from '../../codec/schema/schema.js'
import type { ContractFile } from './proto-schema.js'

/** Every type that a file's messages, methods and extensions refer to. */
export function referencesOf({
  messages,
  services,
  extensions = [],
}: Pick<ContractFile, 'messages' | 'services' | 'extensions'>): TypeReference[] {
  const fields = messages.flatMap(({ members }) =>
    members.flatMap((member) => (member.kind === 'oneof' ? member.fields : [member])),
  )
  return [
    ...[...fields, ...extensions].flatMap(({ type }) => (typeof type === 'string' ? [] : [type])),
    ...services.flatMap(({ methods }) => methods.flatMap(({ request, response }) => [request, response])),
  ]
}

/**
 * Names of the other files that a file cannot be without: those of the types that it refers to, of what it extends, and of
 * the options that it sets; bundled ones not for their options. In order.
 */
export function neededFiles(file: ContractFile): string[] {
  const { optionFiles = [] } = file
  const set = new Set(optionsIn(file).flatMap(extensionNames))
  const declaring = optionFiles.filter((other) => (other.extensions ?? []).some(({ fullName }) => set.has(fullName)))
  const needed = new Set([...typeFiles(file), ...declaring.map(({ name }) => name).filter((name) => !isBundled(name))])
  needed.delete(file.name)
  return [...needed].sort()
}

/** Names of the files of the types that a file refers to, and of what it extends. */
export function typeFiles(file: ContractFile): string[] {
  const { extensions = [] } = file
  return [
    ...referencesOf(file).map((reference) => reference.file),
    ...extensions.map(({ extendeeFile }) => extendeeFile),
  ]
}

/** All options that are set in a file, its own too. */
export function optionsIn({ options = {}, messages, enums, services, extensions = [] }: ContractFile): Options[] {
  const members = messages.flatMap((message) =>
    message.members.flatMap((member) => (member.kind === 'oneof' ? [member, ...member.fields] : [member])),
  )
  const values = enums.flatMap((type) => type.values)
  const methods = services.flatMap((service) => service.methods)
  const declared = [messages, members, enums, values, services, methods, extensions].flat()
  const ranges = messages.flatMap(({ extensionRangeOptions = {} }) => Object.values(extensionRangeOptions))
  return [options, ...ranges, ...declared.map((one) => one.options)]
}

/** Full names of the extensions that are set in options, at any depth. */
export function extensionNames(value: OptionValue): string[] {
  if (typeof value !== 'object') return []
  if (Array.isArray(value)) return value.flatMap(extensionNames)
  return Object.entries(value).flatMap(([name, held]) => {
    const [, extension] = /^[([]\.?([\w.]+)[)\]]/.exec(name) ?? []
    return [...(extension === undefined ? [] : [extension]), ...extensionNames(held)]
  })
}
