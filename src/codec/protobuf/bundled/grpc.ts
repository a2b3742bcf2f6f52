import { type BundledFile, type BundledFiles, enumeration, file, message, service } from './compact.js'

/** The files of the services that every gRPC server has: health and reflection. */
export const grpcFiles: BundledFiles = {
  'grpc/health/v1/health.proto': file('grpc.health.v1', () => ({
    HealthCheckRequest: message({ service: 'string 1' }),
    HealthCheckResponse: message(
      { status: 'ServingStatus 1' },
      { nested: { ServingStatus: enumeration('UNKNOWN SERVING NOT_SERVING SERVICE_UNKNOWN') } },
    ),
    HealthListRequest: message({}),
    HealthListResponse: message({ statuses: 'map<string,HealthCheckResponse> 1' }),
    Health: service({
      Check: 'HealthCheckRequest HealthCheckResponse',
      List: 'HealthListRequest HealthListResponse',
      Watch: 'HealthCheckRequest stream HealthCheckResponse',
    }),
  })),
  'grpc/reflection/v1/reflection.proto': reflection('grpc.reflection.v1'),
  'grpc/reflection/v1alpha/reflection.proto': reflection('grpc.reflection.v1alpha'),
}

/** Both versions say the same. */
function reflection(name: string): BundledFile {
  return file(name, () => ({
    ServerReflectionRequest: message(
      {
        host: 'string 1',
        fileByFilename: 'string 3',
        fileContainingSymbol: 'string 4',
        fileContainingExtension: 'ExtensionRequest 5',
        allExtensionNumbersOfType: 'string 6',
        listServices: 'string 7',
      },
      {
        oneofs: {
          messageRequest: [
            'fileByFilename',
            'fileContainingSymbol',
            'fileContainingExtension',
            'allExtensionNumbersOfType',
            'listServices',
          ],
        },
      },
    ),
    ExtensionRequest: message({ containingType: 'string 1', extensionNumber: 'int32 2' }),
    ServerReflectionResponse: message(
      {
        validHost: 'string 1',
        originalRequest: 'ServerReflectionRequest 2',
        fileDescriptorResponse: 'FileDescriptorResponse 4',
        allExtensionNumbersResponse: 'ExtensionNumberResponse 5',
        listServicesResponse: 'ListServiceResponse 6',
        errorResponse: 'ErrorResponse 7',
      },
      {
        oneofs: {
          messageResponse: [
            'fileDescriptorResponse',
            'allExtensionNumbersResponse',
            'listServicesResponse',
            'errorResponse',
          ],
        },
      },
    ),
    FileDescriptorResponse: message({ fileDescriptorProto: 'repeated bytes 1' }),
    ExtensionNumberResponse: message({ baseTypeName: 'string 1', extensionNumber: 'repeated int32 2' }),
    ListServiceResponse: message({ service: 'repeated ServiceResponse 1' }),
    ServiceResponse: message({ name: 'string 1' }),
    ErrorResponse: message({ errorCode: 'int32 1', errorMessage: 'string 2' }),
    ServerReflection: service({
      ServerReflectionInfo: 'stream ServerReflectionRequest stream ServerReflectionResponse',
    }),
  }))
}
