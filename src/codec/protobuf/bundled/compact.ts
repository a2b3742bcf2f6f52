import type { IEnum, IService, IType } from 'protobufjs/light.js'

/** An option that a file adds to declarations. */
interface Extension {
  readonly extend: string
  readonly type: string
  readonly id: number
  /** As in the file. */
  readonly protoName: string
  readonly rule?: 'repeated'
  readonly options?: { readonly packed: false }
}

/** Types and extensions by name, as the protobuf library reads them from JSON. */
export type BundledTypes = Readonly<Record<string, IType | IEnum | IService | Extension>>

/** A `.proto` file that comes with tierkit, parsed. */
export interface BundledFile {
  readonly package: string
  readonly imports: readonly string[]
  types(): BundledTypes
}

/** Bundled files by the name that they are imported with. */
export type BundledFiles = Readonly<Record<string, BundledFile>>

// The types are not made before they are needed: few programs need more than one file.
/** A file of a package. */
export function file(name: string, types: BundledFile['types'], imports: readonly string[] = []): BundledFile {
  return { package: name, imports, types }
}

/** Fields by property, each with its type and number: `{ orderIds: 'repeated string 1' }`. */
export type ShortFields = Readonly<Record<string, string>>

/** What a message has beside its fields. */
interface MessageParts {
  /** Names of the cases by oneof. */
  readonly oneofs?: Readonly<Record<string, readonly string[]>>
  readonly nested?: IType['nested']
}

/** A message of proto3. With the name of a oneof, all fields are cases of it. */
export function message(short: ShortFields, parts: MessageParts | string = {}): IType {
  const names = Object.keys(short)
  const { oneofs = {}, nested } = typeof parts === 'string' ? { oneofs: { [parts]: names } } : parts
  const optional = names.filter((name) => short[name]?.startsWith('optional '))
  const all = Object.fromEntries([
    ...Object.entries(oneofs).map(([name, oneof]) => [name, { oneof: [...oneof] }]),
    ...optional.map((name) => [`_${name}`, { oneof: [name] }]),
  ])
  const fields = Object.fromEntries(Object.entries(short).map(([name, text]) => [name, field(name, text)]))
  return { fields, ...(Object.keys(all).length > 0 && { oneofs: all }), ...(nested && { nested }) }
}

/** An enum of names that count from 0, or that have their number: `NONE GITHUB=10`. */
export function enumeration(names: string): IEnum {
  const values = names.split(' ').map((text, index): [string, number] => {
    const [name = '', number = index] = text.split('=')
    return [name, Number(number)]
  })
  return { values: Object.fromEntries(values) }
}

/** Extensions of options by their names: `{ method_signature: 'Method repeated string 1051' }` of `MethodOptions`. */
export function extensions(short: Readonly<Record<string, string>>): Readonly<Record<string, Extension>> {
  return Object.fromEntries(
    Object.entries(short).map(([protoName, text]) => {
      const [kind = ''] = text.split(' ')
      const { type, id, rule } = parts(text.slice(kind.length + 1))
      const name = protoName.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
      const list = rule === 'repeated' ? ({ rule, options: { packed: false } } as const) : {}
      return [name, { extend: `google.protobuf.${kind}Options`, type, id, protoName, ...list }]
    }),
  )
}

/** A service of methods by name, each with its messages: `{ Watch: 'HealthCheckRequest stream HealthCheckResponse' }`. */
export function service(short: Readonly<Record<string, string>>): IService {
  const methods = Object.entries(short).map(([name, text]) => {
    const [, requests, requestType = '', responses, responseType = ''] =
      /^(stream )?([\w.]+) (stream )?([\w.]+)$/.exec(text) ?? []
    const streams = { requestStream: requests !== undefined, responseStream: responses !== undefined }
    return [name, { requestType, responseType, ...streams }] as const
  })
  return { methods: Object.fromEntries(methods) }
}

function field(name: string, text: string): IType['fields'][string] {
  const { rule, keyType, type, id } = parts(text)
  return {
    type,
    id,
    ...(rule === 'repeated' && { rule }),
    ...(rule === 'optional' && { options: { proto3_optional: true } }),
    ...(keyType && { keyType }),
    // The name as in the file; the library reads it although its types do not say so.
    protoName: name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
  } as IType['fields'][string]
}

const SHORT = /^(?:(repeated|optional) )?(?:map<(\w+),)?([\w.]+)>? (\d+)$/

function parts(text: string): { rule?: string; keyType?: string; type: string; id: number } {
  const [, rule, keyType, type = '', id] = SHORT.exec(text) ?? []
  return { type, id: Number(id), ...(rule && { rule }), ...(keyType && { keyType }) }
}
