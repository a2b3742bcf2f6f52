import type { Service } from 'protobufjs'
import { referenceTo } from '../../codec/schema/describe-type.js'
import { fileOf, fullName } from '../../codec/schema/locate.js'
import { declaration } from '../../codec/schema/options.js'
import { methodFacts } from '../proto/method-facts.js'
import type { MethodSchema, ServiceSchema } from './proto-schema.js'

/** Describes a service of a `.proto` file. */
export function serviceSchema(service: Service): ServiceSchema {
  const methods = service.methodsArray.map((method): MethodSchema => {
    const request = referenceTo(service.lookupType(method.requestType))
    const response = referenceTo(service.lookupType(method.responseType))
    return { ...declaration(method), ...methodFacts(method), request, response }
  })
  return { ...declaration(service), fullName: fullName(service), name: service.name, file: fileOf(service), methods }
}
