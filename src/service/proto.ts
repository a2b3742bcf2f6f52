import protobuf, { type Type } from 'protobufjs'
import type { MessageCodec } from '../codec/message-codec.js'
import { messageCodec } from '../codec/protobuf.js'
import { enumSchema } from '../codec/schema/describe-type.js'
import { defineErrors, type ErrorReasons } from '../error/define-errors.js'
import type { ServiceDefinition } from './definition.js'
import type { ProtoFiles } from './proto/proto-files.js'
import { readProtoFiles, readProtoSource } from './proto/read-proto.js'
import { serviceOf } from './proto/service-of.js'
import { errorReasons } from './proto-schema/error-reasons.js'

/** Where imports are found. */
export interface ProtoOptions {
  /**
   * Folders that imports are relative to, like `-I` of protoc. Without any, they are looked for in the folders above the
   * importing file. Files under `google/protobuf`, `google/rpc`, `google/type` and `buf/validate`, and those of `google/api`
   * that contracts import, need not be there.
   */
  readonly includes?: readonly string[] | undefined
}

/** Options for a contract that is given as text. */
export interface ProtoSourceOptions extends ProtoOptions {
  /** What error texts call it; `contract.proto` by default. */
  readonly name?: string | undefined
}

/** Services and messages that `.proto` files describe. */
export interface Contract {
  /** Full names of the services. */
  readonly services: readonly string[]
  /** Full names of the messages. */
  readonly messages: readonly string[]
  /** The definition of a service: `contract.service('shop.v1.Orders')`. Throws a `TypeError` that names those there are. */
  service(name: string): ServiceDefinition
  /** The codec of a message: `contract.codec('shop.v1.Order')`. Throws a `TypeError` that names those there are. */
  codec<T = unknown>(name: string): MessageCodec<T>
  /**
   * The errors whose reasons an enum names, by `(tierkit.error)` or Kratos's `(errors.code)`:
   * `contract.errors('shop.v1.ErrorReason')`. Throws a `TypeError` if it names none.
   */
  errors(name: string): ErrorReasons
}

/**
 * Reads a contract from `.proto` files while the program runs, with all that they import.
 *
 * Throws a `ProtoError` that names file, line and column of every problem. For types at compile time, use `tierkit generate`.
 */
export function loadProto(files: string | readonly string[], options: ProtoOptions = {}): Contract {
  const { includes = [] } = options
  return contractOf(readProtoFiles(typeof files === 'string' ? [files] : files, includes))
}

/** Reads a contract from the text of a `.proto` file. Throws as `loadProto` does. */
export function parseProto(source: string, options: ProtoSourceOptions = {}): Contract {
  const { name = 'contract.proto', includes = [] } = options
  return contractOf(readProtoSource(source, name, includes))
}

/** The contract that files make which were read already. */
export function contractOf(files: ProtoFiles): Contract {
  return new ProtoContract(files)
}

class ProtoContract implements Contract {
  readonly #services = new Map<string, protobuf.Service>()
  readonly #types = new Map<string, Type>()
  readonly #enums = new Map<string, protobuf.Enum>()
  readonly #codecs = new Map<Type, MessageCodec>()
  readonly #definitions = new Map<string, ServiceDefinition>()

  constructor({ root }: ProtoFiles) {
    this.#collect(root)
  }

  get services(): readonly string[] {
    return [...this.#services.keys()]
  }

  get messages(): readonly string[] {
    return [...this.#types.keys()]
  }

  service(name: string): ServiceDefinition {
    const service = this.#services.get(name) ?? unknown('service', name, this.services)
    const definition = this.#definitions.get(name) ?? serviceOf(service, (type) => this.#codecOf(type))
    this.#definitions.set(name, definition)
    return definition
  }

  codec<T>(name: string): MessageCodec<T> {
    return this.#codecOf(this.#types.get(name) ?? unknown('message', name, this.messages)) as MessageCodec<T>
  }

  errors(name: string): ErrorReasons {
    const reasons = errorReasons(enumSchema(this.#enums.get(name) ?? unknown('enum', name, [...this.#enums.keys()])))
    if (reasons) return defineErrors(reasons)
    throw new TypeError(`the enum ${name} names no errors: its values lack (tierkit.error) and (errors.code)`)
  }

  #codecOf(type: Type): MessageCodec {
    const codec = this.#codecs.get(type) ?? messageCodec(type)
    this.#codecs.set(type, codec)
    return codec
  }

  #collect(namespace: protobuf.NamespaceBase): void {
    for (const object of namespace.nestedArray) {
      const name = object.fullName.slice(1)
      if (object instanceof protobuf.Service) this.#services.set(name, object)
      else if (object instanceof protobuf.Type) this.#types.set(name, object)
      else if (object instanceof protobuf.Enum) this.#enums.set(name, object)
      if (object instanceof protobuf.Namespace || object instanceof protobuf.Type) this.#collect(object)
    }
  }
}

function unknown(kind: 'service' | 'message' | 'enum', name: string, known: readonly string[]): never {
  const there = known.length === 0 ? `there is no ${kind}` : `there are ${known.join(', ')}`
  throw new TypeError(`the contract has no ${kind} ${JSON.stringify(name)}: ${there}`)
}
