import {
  type DescriptorProto,
  type FieldDescriptorProto,
  FileDescriptorProto,
} from '../../codec/descriptor/file-descriptor.js'
import { protoName } from '../../codec/message-descriptor.js'
import { bundledPackage } from '../../codec/protobuf/bundled/bundled-root.js'
import { type HttpRuleMessage, readHttpRules } from '../../endpoint/http-rule/read-http-rules.js'
import type { Method } from '../../endpoint/method.js'
import { readDescriptors } from '../proto/read-descriptors.js'
import { type Contract, contractOf } from '../proto.js'

/** What @grpc/proto-loader says of a method, beside what grpc-js needs. */
interface LoadedMethod {
  readonly requestType?: { readonly fileDescriptorProtos?: readonly Uint8Array[] }
  readonly options?: {
    readonly deprecated?: boolean
    readonly idempotency_level?: string
    readonly '(google.api.http)'?: HttpRuleMessage
  }
}

/** The contract that @grpc/proto-loader has put into a definition; `undefined` if it did not make it. */
export function loadedContract(methods: readonly object[]): Contract | undefined {
  const described = (methods as readonly LoadedMethod[]).flatMap(
    ({ requestType }) => requestType?.fileDescriptorProtos ?? [],
  )
  const files = new Map(
    described.map((bytes) => FileDescriptorProto.decode(bytes)).map((file) => [file.name ?? '', file]),
  )
  if (files.size === 0) return undefined
  // It knows no files, but makes one for each package, which imports nothing.
  const own = [...files.values()].filter((file) => bundledPackage(file.package ?? '').length === 0)
  const bundled = [...files.values()].flatMap((file) => bundledPackage(file.package ?? ''))
  const others = own.map(({ name = '' }) => name)
  const complete = own.map((file) => ({
    ...file,
    dependency: [...bundled, ...others.filter((name) => name !== file.name)],
    messageType: file.messageType.map(withNamesOfFile),
  }))
  return contractOf(readDescriptors(complete, { path: 'the loaded definition', requested: others }))
}

/** Unless it was told to keep them, it has changed the names of fields, which HTTP rules refer to, from `order_id` to `orderId`. */
function withNamesOfFile(message: DescriptorProto): DescriptorProto {
  const renamed = (field: FieldDescriptorProto): FieldDescriptorProto => {
    const { name = '', jsonName = name } = field
    return { ...field, name: protoName(name), jsonName }
  }
  return { ...message, field: message.field.map(renamed), nestedType: message.nestedType.map(withNamesOfFile) }
}

/** What the options of a loaded method say: they are not in its contract. */
export function loadedFacts(method: object): Partial<Pick<Method, 'http' | 'idempotency' | 'deprecated'>> {
  const { options } = method as LoadedMethod
  const rule = options?.['(google.api.http)']
  const level = options?.idempotency_level
  return {
    ...(rule && { http: readHttpRules(rule) }),
    ...(level === 'NO_SIDE_EFFECTS' && { idempotency: 'no_side_effects' }),
    ...(level === 'IDEMPOTENT' && { idempotency: 'idempotent' }),
    ...(options?.deprecated && { deprecated: true }),
  }
}
