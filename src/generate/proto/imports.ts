import type { Options } from '../../codec/schema/schema.js'
import { referencesOf } from '../../service/proto-schema/describe-files.js'
import type { ContractFile } from '../../service/proto-schema/proto-schema.js'
import type { OptionTypes } from './option-type.js'

/** The files that a file imports: for the types that it refers to, what it extends, and the options that it sets. In order. */
export function importsOf(file: ContractFile, types: OptionTypes, options: Options = {}): string[] {
  const referred = referencesOf(file).map((reference) => reference.file)
  const extended = (file.extensions ?? []).map(({ extendeeFile }) => extendeeFile)
  const set = [options, ...optionsIn(file)].flatMap(Object.keys).filter((name) => name.startsWith('('))
  const declared = set.flatMap((name) => types.find(name)?.file ?? [])
  const http = file.services.some(({ methods }) => methods.some((method) => method.http.length > 0))
  const all = [...referred, ...extended, ...declared, ...(http ? ['google/api/annotations.proto'] : [])]
  return [...new Set(all)].filter((name) => name !== file.name).sort()
}

/** All options that are set in a file. */
export function optionsIn({ messages, enums, services, extensions = [] }: ContractFile): Options[] {
  const members = messages.flatMap((message) =>
    message.members.flatMap((member) => (member.kind === 'oneof' ? [member, ...member.fields] : [member])),
  )
  const values = enums.flatMap((type) => type.values)
  const methods = services.flatMap((service) => service.methods)
  return [messages, members, enums, values, services, methods, extensions].flat().map(({ options }) => options)
}
