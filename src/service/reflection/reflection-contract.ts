import { defineService } from '../define-service.js'
import { defineMessage } from '../message/define-message.js'
import { field, oneof } from '../message/field.js'
import type { MessageOf } from '../message/message-type.js'
import { bidiStream } from '../method-spec.js'

/** The contract of a version of server reflection: they differ in nothing but their package. */
function contractOf(pkg: string) {
  const request = requestOf(pkg)
  return defineService({
    name: `${pkg}.ServerReflection`,
    methods: { serverReflectionInfo: bidiStream(request, responseOf(pkg, request)) },
  })
}

function requestOf(pkg: string) {
  const ExtensionRequest = defineMessage(`${pkg}.ExtensionRequest`, {
    containingType: field(1, 'string'),
    extensionNumber: field(2, 'int32'),
  })
  return defineMessage(`${pkg}.ServerReflectionRequest`, {
    host: field(1, 'string'),
    messageRequest: oneof({
      fileByFilename: field(3, 'string'),
      fileContainingSymbol: field(4, 'string'),
      fileContainingExtension: field(5, ExtensionRequest),
      allExtensionNumbersOfType: field(6, 'string'),
      listServices: field(7, 'string'),
    }),
  })
}

type RequestMessage = ReturnType<typeof requestOf>

function responseOf(pkg: string, request: RequestMessage) {
  const FileDescriptorResponse = defineMessage(`${pkg}.FileDescriptorResponse`, {
    fileDescriptorProto: field(1, 'bytes', { repeated: true }),
  })
  const ExtensionNumberResponse = defineMessage(`${pkg}.ExtensionNumberResponse`, {
    baseTypeName: field(1, 'string'),
    extensionNumber: field(2, 'int32', { repeated: true }),
  })
  const ServiceResponse = defineMessage(`${pkg}.ServiceResponse`, { name: field(1, 'string') })
  const ListServiceResponse = defineMessage(`${pkg}.ListServiceResponse`, {
    service: field(1, ServiceResponse, { repeated: true }),
  })
  const ErrorResponse = defineMessage(`${pkg}.ErrorResponse`, {
    errorCode: field(1, 'int32'),
    errorMessage: field(2, 'string'),
  })
  return defineMessage(`${pkg}.ServerReflectionResponse`, {
    validHost: field(1, 'string'),
    originalRequest: field(2, request),
    messageResponse: oneof({
      fileDescriptorResponse: field(4, FileDescriptorResponse),
      allExtensionNumbersResponse: field(5, ExtensionNumberResponse),
      listServicesResponse: field(6, ListServiceResponse),
      errorResponse: field(7, ErrorResponse),
    }),
  })
}

/**
 * The contract of `grpc.reflection.v1`, for clients too.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/server-reflection.md
 */
export const reflectionContract = contractOf('grpc.reflection.v1')

/** The contract of `grpc.reflection.v1alpha`, which older clients ask for. */
export const reflectionAlphaContract = contractOf('grpc.reflection.v1alpha')

/** What a client asks. */
export type ReflectionRequest = MessageOf<RequestMessage>
/** What a server answers. */
export type ReflectionResponse = MessageOf<ReturnType<typeof responseOf>>
