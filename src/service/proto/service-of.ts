import type { Method, Service, Type } from 'protobufjs'
import type { MessageCodec } from '../../codec/message-codec.js'
import { notedFile } from '../../codec/schema/describe-type.js'
import { declaration } from '../../codec/schema/options.js'
import { defineService } from '../define-service.js'
import type { ServiceDefinition } from '../definition.js'
import { type MethodSpec, methodSpec } from '../method-spec.js'
import { methodFacts, otherOptions } from './method-facts.js'

type CodecOf = (type: Type) => MessageCodec

/** The definition of a service of a `.proto` file. Methods are keyed by their name with a lower-case first letter. */
export function serviceOf(service: Service, codecOf: CodecOf): ServiceDefinition {
  const methods = service.methodsArray.map((method) => {
    const { localName } = methodFacts(method)
    return [localName, specOf(service, method, codecOf)] as const
  })
  const { comment, deprecated, options } = declaration(service)
  return defineService({
    name: service.fullName.slice(1),
    methods: Object.fromEntries(methods),
    file: fileOfService(service),
    comment,
    deprecated,
    options,
  })
}

function specOf(service: Service, method: Method, codecOf: CodecOf): MethodSpec {
  const { kind, name, idempotency, http } = methodFacts(method)
  const codec = (type: string): MessageCodec => codecOf(service.lookupType(type))
  const messages = { request: codec(method.requestType), response: codec(method.responseType) }
  const { comment, deprecated, options } = declaration(method)
  return methodSpec(kind, messages, { name, idempotency, http, comment, deprecated, options: otherOptions(options) })
}

function fileOfService({ root, filename }: Service): Parameters<typeof defineService>[0]['file'] {
  if (!filename) return undefined
  const schema = notedFile(root, filename)
  return schema ? { source: { name: filename }, schema } : filename
}
