import type { EnumSchema, MessageSchema } from '../../codec/schema/schema.js'
import { OptionTypes } from '../../generate/proto/option-type.js'
import { fileFeatures } from '../../generate/proto-text/features.js'
import type { FileView } from '../../generate/proto-text/file-view.js'
import { printEnum } from '../../generate/proto-text/print-enum.js'
import { printMessage } from '../../generate/proto-text/print-message.js'
import { printService } from '../../generate/proto-text/print-service.js'
import type { ContractFile, ServiceSchema } from '../../service/proto-schema/proto-schema.js'

/**
 * What a contract says of a symbol, in the words of `.proto` files: a service; a method, with its messages; a message; an
 * enum; of a field or a value, what it is part of. `undefined` if there is no such symbol.
 */
export function printSymbol(files: readonly ContractFile[], symbol: string): string[] | undefined {
  const name = symbol.replace(/^[./]/, '').replace('/', '.')
  const owner = name.slice(0, Math.max(0, name.lastIndexOf('.')))
  for (const file of files) {
    const lines = printIn(files, file, name) ?? printMethod(files, file, { owner, name })
    if (lines) return lines
  }
  for (const file of files) {
    const member = printMember(files, file, { owner, name })
    if (member) return member
  }
  return undefined
}

function printIn(files: readonly ContractFile[], file: ContractFile, name: string): string[] | undefined {
  const view = viewOf(files, file)
  const service = file.services.find(({ fullName }) => fullName === name)
  if (service) return printService(view, service)
  const message = file.messages.find(({ fullName }) => fullName === name)
  if (message) return printMessage(view, message)
  const type = file.enums.find(({ fullName }) => fullName === name)
  return type && printEnum(view, type)
}

/** The name of a part, and what it would be part of. */
interface Part {
  readonly owner: string
  readonly name: string
}

function printMethod(files: readonly ContractFile[], file: ContractFile, { owner, name }: Part) {
  const service = file.services.find(({ fullName }) => fullName === owner)
  const method = service?.methods.find((one) => `${owner}.${one.name}` === name)
  if (!service || !method) return undefined
  // Of the service only the method, so that what was said of others is not in the way.
  const only: ServiceSchema = { ...service, methods: [method], comment: undefined, deprecated: false, options: {} }
  const messages = new Set([method.request.fullName, method.response.fullName])
  const printed = [...messages].flatMap((message) => ['', ...(printSymbol(files, message) ?? [])])
  return [...printService(viewOf(files, file), only), ...printed]
}

/** What a field, an oneof or a value of an enum is part of. */
function printMember(files: readonly ContractFile[], file: ContractFile, { owner, name }: Part) {
  const view = viewOf(files, file)
  const message = file.messages.find((one) => one.fullName === owner && memberNames(one).includes(name))
  if (message) return printMessage(view, message)
  const type = file.enums.find((one) => valueNames(one).includes(name))
  return type && printEnum(view, type)
}

function memberNames({ fullName, members }: MessageSchema): string[] {
  return members
    .flatMap((member) =>
      member.kind === 'oneof' ? [member.name, ...member.fields.map(protoName)] : [protoName(member)],
    )
    .map((name) => `${fullName}.${name}`)
}

function protoName(field: { readonly protoName: string }): string {
  return field.protoName
}

/** A value stands beside its enum. Some look for it inside. */
function valueNames({ fullName, values }: EnumSchema): string[] {
  const scope = fullName.replace(/[^.]*$/, '')
  return values.flatMap(({ name }) => [`${fullName}.${name}`, scope + name])
}

function viewOf(files: readonly ContractFile[], file: ContractFile): FileView {
  const types = files.flatMap(({ messages, enums, services }) => [...messages, ...enums, ...services])
  const names = types.flatMap(({ fullName }) =>
    fullName.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.')),
  )
  const { edition } = file
  return { file, edition, types: new OptionTypes(files), features: fileFeatures(file), names: new Set(names) }
}
