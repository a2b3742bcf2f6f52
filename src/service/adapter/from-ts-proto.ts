import type { JsonValue, MessageCodec } from '../../codec/message-codec.js'
import { bundledCodec } from '../../codec/protobuf/bundled/bundled-root.js'
import { readHttpRules } from '../../endpoint/http-rule/read-http-rules.js'
import type { HttpRule, Idempotency, Method } from '../../endpoint/method.js'
import { defineService } from '../define-service.js'
import type { ServiceDefinition } from '../definition.js'
import { methodSpec } from '../method-spec.js'
import type { Contract } from '../proto.js'
import { ForeignCodec } from './foreign-codec.js'
import { type KindOf, kindOf, type Streams } from './kind.js'

/** What ts-proto writes bytes with. */
export interface TsProtoWriter {
  /** The bytes that were written. */
  finish(): Uint8Array
}

/** What ts-proto generates for a message type. */
export interface TsProtoMessage {
  readonly $type?: string
  /** Begins the binary form. */
  encode(message: unknown): TsProtoWriter
  /** Reads the binary form. */
  decode(bytes: Uint8Array): unknown
  /** Makes a message complete. */
  fromPartial?(message: unknown): unknown
  /** Writes the JSON form. */
  toJSON?(message: unknown): unknown
  /** Reads the JSON form. */
  fromJSON?(json: unknown): unknown
}

/** A method of a generic definition of ts-proto. */
export interface TsProtoMethod extends Streams {
  readonly name: string
  readonly requestType: TsProtoMessage
  readonly responseType: TsProtoMessage
  readonly options: object
}

/** A generic definition of ts-proto, which nice-grpc takes: `outputServices=generic-definitions`. */
export interface TsProtoDefinition {
  readonly fullName: string
  readonly methods: Readonly<Record<string, TsProtoMethod>>
}

/** The messages that a type of ts-proto reads. */
export type TsProtoMessageOf<M extends TsProtoMessage> = ReturnType<M['decode']>

/** A service of ts-proto, as tierkit has it: with the messages of that. */
export type FromTsProto<D extends TsProtoDefinition> = ServiceDefinition<{
  readonly [Key in keyof D['methods']]: Method<
    TsProtoMessageOf<D['methods'][Key]['requestType']>,
    TsProtoMessageOf<D['methods'][Key]['responseType']>,
    KindOf<D['methods'][Key]>
  >
}>

/** What a definition does not say of itself. */
export interface FromTsProtoOptions {
  /** The contract that the code was generated from: it brings ProtoJSON, comments, validation rules and what documents need. */
  readonly contract?: Contract | undefined
}

/**
 * Takes a generic definition of ts-proto (`outputServices=generic-definitions`), which nice-grpc services are written for,
 * with the messages that ts-proto makes. Its `google.api.http` rules and idempotency count; handlers and callers may leave
 * out fields where the code has `fromPartial`.
 *
 * With the `contract` JSON is ProtoJSON, and what does not fit is refused with its path. Without it JSON is what ts-proto
 * makes of it: `Any` and `Duration` look otherwise there, unknown fields are ignored, and values are converted, not checked.
 */
export function fromTsProto<D extends TsProtoDefinition>(
  definition: D,
  options: FromTsProtoOptions = {},
): FromTsProto<D> {
  const { fullName: name } = definition
  const own = options.contract?.service(name)
  const methods = Object.entries(definition.methods).map(([key, method]) => {
    const known = Object.values(own?.methods ?? {}).find((one) => one.name === method.name)
    return [key, specOf(`${name}/${method.name}`, method, known)] as const
  })
  const { file, comment, deprecated, options: said } = own ?? {}
  const made = defineService({ name, methods: Object.fromEntries(methods), file, comment, deprecated, options: said })
  return made as unknown as FromTsProto<D>
}

function specOf(path: string, method: TsProtoMethod, known: Method | undefined) {
  const request = codecOf(`${path} request`, method.requestType, known?.request)
  const response = codecOf(`${path} response`, method.responseType, known?.response)
  const { comment, deprecated, options } = known ?? {}
  const facts = { name: method.name, http: httpOf(method), idempotency: idempotencyOf(method) }
  return methodSpec(kindOf(method), { request, response }, { ...facts, comment, deprecated, options })
}

function codecOf(name: string, type: TsProtoMessage, own: MessageCodec | undefined): MessageCodec {
  const { fromPartial } = type
  // By way of the contract there is ProtoJSON, which ts-proto's is not for all types.
  const { toJSON, fromJSON }: Partial<TsProtoMessage> = own ? {} : type
  const complete = (message: unknown): unknown => (fromPartial ? type.fromPartial?.(message) : message)
  return new ForeignCodec<unknown, unknown>({
    typeName: own?.typeName ?? type.$type ?? name,
    encode: (message) => type.encode(complete(message)).finish(),
    decode: (bytes) => type.decode(bytes),
    toJson: toJSON && ((message) => type.toJSON?.(complete(message)) as JsonValue),
    fromJson: fromJSON && ((json) => type.fromJSON?.(json)),
    own: own && (() => own),
  })
}

/** The tag under which an extension of `MethodOptions`, `google.api.http`, is kept: field 72295728, a message. */
const HTTP_TAG = 578_365_826

const httpRule: MessageCodec = bundledCodec('google.api.HttpRule')

interface MethodOptions {
  readonly idempotencyLevel?: string
  readonly _unknownFields?: Readonly<Record<number, readonly Uint8Array[]>>
}

function httpOf({ options }: TsProtoMethod): readonly HttpRule[] {
  const [kept] = (options as MethodOptions)._unknownFields?.[HTTP_TAG] ?? []
  if (!kept) return []
  // Behind its own length, which has one byte for each seven bits.
  const start = kept.findIndex((byte) => byte < 0x80) + 1
  return readHttpRules(httpRule.toJson(httpRule.decode(kept.subarray(start))) as Parameters<typeof readHttpRules>[0])
}

function idempotencyOf({ options }: TsProtoMethod): Idempotency {
  const level = (options as MethodOptions).idempotencyLevel
  if (level === 'NO_SIDE_EFFECTS') return 'no_side_effects'
  return level === 'IDEMPOTENT' ? 'idempotent' : 'unknown'
}
