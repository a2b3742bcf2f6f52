import { type BundledFiles, type BundledTypes, enumeration, file, message } from './compact.js'

const PACKAGE = 'google.rpc'
const CONTEXT = 'google.rpc.context'

/** The files of `google/rpc`. */
export const googleRpc: BundledFiles = {
  'google/rpc/code.proto': file(PACKAGE, () => ({
    Code: enumeration(
      'OK CANCELLED UNKNOWN INVALID_ARGUMENT DEADLINE_EXCEEDED NOT_FOUND ALREADY_EXISTS PERMISSION_DENIED ' +
        'RESOURCE_EXHAUSTED FAILED_PRECONDITION ABORTED OUT_OF_RANGE UNIMPLEMENTED INTERNAL UNAVAILABLE DATA_LOSS ' +
        'UNAUTHENTICATED',
    ),
  })),
  'google/rpc/status.proto': file(
    PACKAGE,
    () => ({ Status: message({ code: 'int32 1', message: 'string 2', details: 'repeated google.protobuf.Any 3' }) }),
    ['google/protobuf/any.proto'],
  ),
  'google/rpc/error_details.proto': file(PACKAGE, errorDetails, ['google/protobuf/duration.proto']),
  'google/rpc/http.proto': file(PACKAGE, () => ({
    HttpRequest: message({ method: 'string 1', uri: 'string 2', headers: 'repeated HttpHeader 3', body: 'bytes 4' }),
    HttpResponse: message({ status: 'int32 1', reason: 'string 2', headers: 'repeated HttpHeader 3', body: 'bytes 4' }),
    HttpHeader: message({ key: 'string 1', value: 'string 2' }),
  })),
  'google/rpc/context/attribute_context.proto': file(CONTEXT, attributeContext, [
    'google/protobuf/any.proto',
    'google/protobuf/duration.proto',
    'google/protobuf/struct.proto',
    'google/protobuf/timestamp.proto',
  ]),
  'google/rpc/context/audit_context.proto': file(
    CONTEXT,
    () => ({
      AuditContext: message({
        auditLog: 'bytes 1',
        scrubbedRequest: 'google.protobuf.Struct 2',
        scrubbedResponse: 'google.protobuf.Struct 3',
        scrubbedResponseItemCount: 'int32 4',
        targetResource: 'string 5',
      }),
    }),
    ['google/protobuf/struct.proto'],
  ),
}

function errorDetails(): BundledTypes {
  return {
    ErrorInfo: message({ reason: 'string 1', domain: 'string 2', metadata: 'map<string,string> 3' }),
    RetryInfo: message({ retryDelay: 'google.protobuf.Duration 1' }),
    DebugInfo: message({ stackEntries: 'repeated string 1', detail: 'string 2' }),
    QuotaFailure: message({ violations: 'repeated Violation 1' }, { nested: { Violation: quotaViolation() } }),
    PreconditionFailure: message(
      { violations: 'repeated Violation 1' },
      { nested: { Violation: message({ type: 'string 1', subject: 'string 2', description: 'string 3' }) } },
    ),
    BadRequest: message(
      { fieldViolations: 'repeated FieldViolation 1' },
      {
        nested: {
          FieldViolation: message({
            field: 'string 1',
            description: 'string 2',
            reason: 'string 3',
            localizedMessage: 'LocalizedMessage 4',
          }),
        },
      },
    ),
    RequestInfo: message({ requestId: 'string 1', servingData: 'string 2' }),
    ResourceInfo: message({
      resourceType: 'string 1',
      resourceName: 'string 2',
      owner: 'string 3',
      description: 'string 4',
    }),
    Help: message(
      { links: 'repeated Link 1' },
      { nested: { Link: message({ description: 'string 1', url: 'string 2' }) } },
    ),
    LocalizedMessage: message({ locale: 'string 1', message: 'string 2' }),
  }
}

function quotaViolation(): ReturnType<typeof message> {
  return message({
    subject: 'string 1',
    description: 'string 2',
    apiService: 'string 3',
    quotaMetric: 'string 4',
    quotaId: 'string 5',
    quotaDimensions: 'map<string,string> 6',
    quotaValue: 'int64 7',
    futureQuotaValue: 'optional int64 8',
  })
}

function attributeContext(): BundledTypes {
  const fields = {
    source: 'Peer 1',
    destination: 'Peer 2',
    request: 'Request 3',
    response: 'Response 4',
    resource: 'Resource 5',
    api: 'Api 6',
    origin: 'Peer 7',
    extensions: 'repeated google.protobuf.Any 8',
  }
  return { AttributeContext: message(fields, { nested: { ...partiesOfContext(), ...messagesOfContext() } }) }
}

function partiesOfContext(): Record<string, ReturnType<typeof message>> {
  return {
    Peer: message({
      ip: 'string 1',
      port: 'int64 2',
      labels: 'map<string,string> 6',
      principal: 'string 7',
      regionCode: 'string 8',
    }),
    Api: message({ service: 'string 1', operation: 'string 2', protocol: 'string 3', version: 'string 4' }),
    Auth: message({
      principal: 'string 1',
      audiences: 'repeated string 2',
      presenter: 'string 3',
      claims: 'google.protobuf.Struct 4',
      accessLevels: 'repeated string 5',
    }),
    Resource: message({
      service: 'string 1',
      name: 'string 2',
      type: 'string 3',
      labels: 'map<string,string> 4',
      uid: 'string 5',
      annotations: 'map<string,string> 6',
      displayName: 'string 7',
      createTime: 'google.protobuf.Timestamp 8',
      updateTime: 'google.protobuf.Timestamp 9',
      deleteTime: 'google.protobuf.Timestamp 10',
      etag: 'string 11',
      location: 'string 12',
    }),
  }
}

function messagesOfContext(): Record<string, ReturnType<typeof message>> {
  return {
    Request: message({
      id: 'string 1',
      method: 'string 2',
      headers: 'map<string,string> 3',
      path: 'string 4',
      host: 'string 5',
      scheme: 'string 6',
      query: 'string 7',
      time: 'google.protobuf.Timestamp 9',
      size: 'int64 10',
      protocol: 'string 11',
      reason: 'string 12',
      auth: 'Auth 13',
    }),
    Response: message({
      code: 'int64 1',
      size: 'int64 2',
      headers: 'map<string,string> 3',
      time: 'google.protobuf.Timestamp 4',
      backendLatency: 'google.protobuf.Duration 5',
    }),
  }
}
