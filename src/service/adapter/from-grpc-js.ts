import type { MessageCodec } from '../../codec/message-codec.js'
import type { Method } from '../../endpoint/method.js'
import { defineService } from '../define-service.js'
import type { ServiceDefinition } from '../definition.js'
import { methodSpec } from '../method-spec.js'
import type { Contract } from '../proto.js'
import { ForeignCodec } from './foreign-codec.js'
import { type KindOf, kindOf, type Streams } from './kind.js'
import { loadedContract, loadedFacts } from './loaded-contract.js'

/** A method of a service definition of @grpc/grpc-js. */
export interface GrpcJsMethod extends Streams {
  /** `/shop.v1.Orders/PlaceOrder`. */
  readonly path: string
  /** Writes a request. */
  requestSerialize(value: unknown): Uint8Array
  /** Reads a request. */
  requestDeserialize(bytes: Buffer): unknown
  /** Writes a response. */
  responseSerialize(value: unknown): Uint8Array
  /** Reads a response. */
  responseDeserialize(bytes: Buffer): unknown
}

/** A service definition of @grpc/grpc-js: what `server.addService` takes. */
export type GrpcJsDefinition = Readonly<Record<string, GrpcJsMethod>>

/** A service of @grpc/grpc-js, as tierkit has it: with the messages of that. */
export type FromGrpcJs<D> = ServiceDefinition<{
  readonly [Key in keyof D & string as Uncapitalize<Key>]: D[Key] extends GrpcJsMethod
    ? Method<
        ReturnType<D[Key]['requestDeserialize']>,
        ReturnType<D[Key]['responseDeserialize']>,
        KindOf<D[Key]>,
        ReturnType<D[Key]['requestDeserialize']>,
        ReturnType<D[Key]['responseDeserialize']>
      >
    : never
}>

/** What a definition does not say of itself. */
export interface FromGrpcJsOptions {
  /** The contract that the definition was made from: it brings JSON, HTTP rules, idempotency and comments. */
  readonly contract?: Contract | undefined
}

/**
 * Takes a service definition of @grpc/grpc-js, written by a generator or loaded by @grpc/proto-loader, with the messages
 * that its functions make. Methods are keyed with a lower-case first letter.
 *
 * What is loaded by proto-loader brings its contract along. Of another, JSON, HTTP rules and the like come from the
 * `contract`; without it the service speaks gRPC alone, and JSON calls fail with `UNIMPLEMENTED`.
 *
 * Throws a `TypeError` if the methods are not all of one service.
 */
export function fromGrpcJs<D extends GrpcJsDefinition>(definition: D, options: FromGrpcJsOptions = {}): FromGrpcJs<D> {
  const entries = Object.entries(definition)
  const services = [...new Set(entries.map(([, { path }]) => path.slice(1, path.lastIndexOf('/'))))]
  const [name = ''] = services
  if (services.length !== 1)
    throw new TypeError(`fromGrpcJs: methods of one service are needed, not of ${services.length}`)
  const contract = options.contract ?? loadedContract(Object.values(definition))
  const own = contract?.service(name)
  const methods = entries.map(([key, method]) => {
    const rpc = method.path.slice(method.path.lastIndexOf('/') + 1)
    const known = Object.values(own?.methods ?? {}).find((one) => one.name === rpc)
    return [key.charAt(0).toLowerCase() + key.slice(1), specOf(method, rpc, known)] as const
  })
  const { file, comment, deprecated, options: said } = own ?? {}
  const made = defineService({ name, methods: Object.fromEntries(methods), file, comment, deprecated, options: said })
  return made as unknown as FromGrpcJs<D>
}

function specOf(method: GrpcJsMethod, name: string, known: Method | undefined) {
  const request = codecOf(`${method.path} request`, known?.request, {
    encode: (message) => method.requestSerialize(message),
    decode: (bytes) => method.requestDeserialize(bytes),
  })
  const response = codecOf(`${method.path} response`, known?.response, {
    encode: (message) => method.responseSerialize(message),
    decode: (bytes) => method.responseDeserialize(bytes),
  })
  const { idempotency, http, comment, deprecated, options } = { ...known, ...loadedFacts(method) }
  return methodSpec(kindOf(method), { request, response }, { name, idempotency, http, comment, deprecated, options })
}

/** How grpc-js has messages written and read. */
interface Serializer {
  encode(message: unknown): Uint8Array
  decode(bytes: Buffer): unknown
}

function codecOf(name: string, own: MessageCodec | undefined, { encode, decode }: Serializer): MessageCodec {
  return new ForeignCodec<unknown, unknown>({
    typeName: own?.typeName ?? name,
    encode,
    decode: (bytes) => decode(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)),
    own: own && (() => own),
  })
}
