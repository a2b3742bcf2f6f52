import { isBundled } from '../../codec/protobuf/bundled/bundled-root.js'
import type { Options } from '../../codec/schema/schema.js'
import type { ContractFile } from '../../service/proto-schema/proto-schema.js'
import { printFile } from '../proto-text/print-file.js'
import { type ContractSource, contractFiles } from './contract-of.js'
import { contractProblems } from './contract-problems.js'
import { OptionTypes } from './option-type.js'

/** What goes into written files beside what their contract says. */
export interface WriteProtoOptions {
  /** A comment at the top of every file. */
  readonly header?: string | undefined
  /** Options of files beside those that they have, for other languages say: `({ package: pkg }) => ({ go_package: `acme.dev/gen/${pkg}` })`. */
  readonly fileOptions?: ((file: { readonly name: string; readonly package: string }) => Options) | undefined
}

/** A `.proto` file. */
export interface ProtoText {
  /** As it is imported: `shop/v1/orders.proto`. */
  readonly path: string
  readonly text: string
}

/**
 * Writes contracts as `.proto` files that have the same messages on the wire and in JSON: what was defined in code, or read
 * from elsewhere. Everything that the sources refer to comes with them, but for files under `google/` and `buf/validate/`.
 * Types that were defined in code go to one file for their package. The same contract gives the same text.
 *
 * Throws a `TypeError` that lists what no `.proto` file can say: two enums of one scope with a value of the same name, say.
 */
export function writeProto(
  sources: ContractSource | readonly ContractSource[],
  options: WriteProtoOptions = {},
): ProtoText[] {
  const { header, fileOptions } = options
  const files = withOptionFiles(contractFiles(Array.isArray(sources) ? sources : [sources]))
  if (files.length === 0) throw new TypeError('there is no contract to write: no service, and no message with a schema')
  const types = new OptionTypes(files)
  const names = namesIn(files)
  const own = files.filter(({ name }) => !isGiven(name))
  const problems = contractProblems(own, types)
  if (problems.length > 0)
    throw new TypeError(`the contract cannot be written:\n${problems.map((problem) => `- ${problem}`).join('\n')}`)
  return own
    .map((file) => ({
      path: file.name,
      text: printFile(file, { types, names, header, options: fileOptions?.(file) ?? {} }),
    }))
    .sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** With the files that declare options which are set. */
function withOptionFiles(files: readonly ContractFile[]): ContractFile[] {
  const known = new Map(files.map((file) => [file.name, file]))
  for (const { optionFiles = [] } of files)
    for (const file of optionFiles) if (!known.has(file.name)) known.set(file.name, { ...file, services: [] })
  return [...known.values()]
}

/** Files that everyone has who reads `.proto` files. */
function isGiven(name: string): boolean {
  return isBundled(name) || /^(google\/(protobuf|api|rpc|type)|buf\/validate)\//.test(name)
}

/** Full names of types, and of the packages and types that hold them; of methods too, which hide types of their name. */
function namesIn(files: readonly ContractFile[]): ReadonlySet<string> {
  const types = files.flatMap(({ messages, enums, services }) => [...messages, ...enums, ...services])
  const all = types.flatMap(({ fullName }) =>
    fullName.split('.').map((_, index, parts) => parts.slice(0, index + 1).join('.')),
  )
  const services = files.flatMap((file) => file.services)
  const methods = services.flatMap(({ fullName, methods }) => methods.map(({ name }) => `${fullName}.${name}`))
  return new Set(['google', 'google.protobuf', ...all, ...methods])
}
