import type * as Es from '@bufbuild/protobuf'
import type { DescFile, DescMessage, DescMethod, DescService, MessageInitShape, MessageShape } from '@bufbuild/protobuf'
import type * as EsWkt from '@bufbuild/protobuf/wkt'
import { FileDescriptorProto } from '../../codec/descriptor/file-descriptor.js'
import { lazyPackage } from '../../codec/library/lazy-package.js'
import type { MessageCodec } from '../../codec/message-codec.js'
import type { Method } from '../../endpoint/method.js'
import { ForeignCodec } from '../adapter/foreign-codec.js'
import { defineService } from '../define-service.js'
import type { ServiceDefinition } from '../definition.js'
import { methodSpec } from '../method-spec.js'
import { readDescriptors } from '../proto/read-descriptors.js'
import { type Contract, contractOf } from '../proto.js'

/** Kinds of methods, by what protobuf-es calls them. */
export interface ProtobufEsKinds {
  readonly unary: 'unary'
  readonly server_streaming: 'server_stream'
  readonly client_streaming: 'client_stream'
  readonly bidi_streaming: 'bidi_stream'
}

const KINDS: ProtobufEsKinds = {
  unary: 'unary',
  server_streaming: 'server_stream',
  client_streaming: 'client_stream',
  bidi_streaming: 'bidi_stream',
}

/** A service of @bufbuild/protobuf, as tierkit has it: with the messages of that. */
export type FromProtobufEs<S extends DescService> = ServiceDefinition<{
  readonly [Key in keyof S['method']]: S['method'][Key] extends DescMethod
    ? Method<
        MessageShape<S['method'][Key]['input']>,
        MessageShape<S['method'][Key]['output']>,
        ProtobufEsKinds[S['method'][Key]['methodKind']],
        MessageInitShape<S['method'][Key]['input']>,
        MessageInitShape<S['method'][Key]['output']>
      >
    : never
}>

/**
 * Takes a service that `protoc-gen-es` generated, version 2, which Connect services are written for, with the messages of
 * @bufbuild/protobuf: handlers get them complete, and may return what `create` takes. HTTP rules, idempotency, options and
 * validation rules of the contract count; comments are not in generated code.
 */
export function fromProtobufEs<S extends DescService>(service: S): FromProtobufEs<S> {
  const { typeName: name } = service
  const contract = contractFrom(service.file)
  const { file, deprecated, options } = contract.service(name)
  const registry = protobufEs().createRegistry(...filesOf(service.file))
  const codec = (type: DescMessage): MessageCodec => codecOf(type, registry, () => contract.codec(type.typeName))
  const methods = Object.values(contract.service(name).methods).map((own) => {
    const method = service.methods.find((one) => one.name === own.name) as DescMethod
    const messages = { request: codec(method.input), response: codec(method.output) }
    return [method.localName, methodSpec(KINDS[method.methodKind], messages, own)] as const
  })
  const made = defineService({ name, methods: Object.fromEntries(methods), file, deprecated, options })
  return made as unknown as FromProtobufEs<S>
}

function codecOf(type: DescMessage, registry: Es.Registry, own: () => MessageCodec): MessageCodec {
  const es = protobufEs()
  const complete = (message: object): Es.Message =>
    '$typeName' in message ? (message as Es.Message) : es.create(type, message as Es.MessageInitShape<DescMessage>)
  return new ForeignCodec<object, object>({
    typeName: type.typeName,
    encode: (message) => es.toBinary(type, complete(message)),
    decode: (bytes) => es.fromBinary(type, bytes),
    toJson: (message) => es.toJson(type, complete(message), { registry }) as ReturnType<MessageCodec['toJson']>,
    fromJson: (json, { ignoreUnknownFields = false }) => es.fromJson(type, json, { registry, ignoreUnknownFields }),
    own,
  }) as MessageCodec
}

/** The file, and all that it imports. */
function filesOf(file: DescFile): DescFile[] {
  return [...new Set([...file.dependencies.flatMap(filesOf), file])]
}

/** What tierkit itself makes of the contract. */
function contractFrom(file: DescFile): Contract {
  const { FileDescriptorProtoSchema } = lazyPackage<typeof EsWkt>('@bufbuild/protobuf/wkt')
  const { toBinary } = protobufEs()
  const files = filesOf(file).map(({ proto }) => FileDescriptorProto.decode(toBinary(FileDescriptorProtoSchema, proto)))
  return contractOf(readDescriptors(files, { path: file.proto.name, requested: [file.proto.name] }))
}

function protobufEs(): typeof Es {
  return lazyPackage<typeof Es>('@bufbuild/protobuf')
}
