import {
  bidiStream,
  clientStream,
  defineMessage,
  defineService,
  field,
  type MessageOf,
  serverStream,
  unary,
} from 'tierkit'

// The messages of gRPC's interoperability tests, as far as the cases need them.

export const Empty = defineMessage('grpc.testing.Empty', {})
export const BoolValue = defineMessage('grpc.testing.BoolValue', { value: field(1, 'bool') })
export const Payload = defineMessage('grpc.testing.Payload', { type: field(1, 'int32'), body: field(2, 'bytes') })
export const EchoStatus = defineMessage('grpc.testing.EchoStatus', {
  code: field(1, 'int32'),
  message: field(2, 'string'),
})

export const SimpleRequest = defineMessage('grpc.testing.SimpleRequest', {
  responseType: field(1, 'int32'),
  responseSize: field(2, 'int32'),
  payload: field(3, Payload),
  responseCompressed: field(6, BoolValue),
  responseStatus: field(7, EchoStatus),
  expectCompressed: field(8, BoolValue),
})
export const SimpleResponse = defineMessage('grpc.testing.SimpleResponse', { payload: field(1, Payload) })

export const StreamingInputCallRequest = defineMessage('grpc.testing.StreamingInputCallRequest', {
  payload: field(1, Payload),
  expectCompressed: field(2, BoolValue),
})
export const StreamingInputCallResponse = defineMessage('grpc.testing.StreamingInputCallResponse', {
  aggregatedPayloadSize: field(1, 'int32'),
})

export const ResponseParameters = defineMessage('grpc.testing.ResponseParameters', {
  size: field(1, 'int32'),
  intervalUs: field(2, 'int32'),
  compressed: field(3, BoolValue),
})
export const StreamingOutputCallRequest = defineMessage('grpc.testing.StreamingOutputCallRequest', {
  responseType: field(1, 'int32'),
  responseParameters: field(2, ResponseParameters, { repeated: true }),
  payload: field(3, Payload),
  responseStatus: field(7, EchoStatus),
})
export type StreamingOutputCallRequest = MessageOf<typeof StreamingOutputCallRequest>
export const StreamingOutputCallResponse = defineMessage('grpc.testing.StreamingOutputCallResponse', {
  payload: field(1, Payload),
})

const served = {
  emptyCall: unary(Empty, Empty),
  unaryCall: unary(SimpleRequest, SimpleResponse),
  streamingOutputCall: serverStream(StreamingOutputCallRequest, StreamingOutputCallResponse),
  streamingInputCall: clientStream(StreamingInputCallRequest, StreamingInputCallResponse),
  fullDuplexCall: bidiStream(StreamingOutputCallRequest, StreamingOutputCallResponse),
  halfDuplexCall: bidiStream(StreamingOutputCallRequest, StreamingOutputCallResponse),
}

/** What the server serves. `UnimplementedCall` is left out on purpose. */
export const ServedTestService = defineService({ name: 'grpc.testing.TestService', methods: served })

/** What the client calls. */
export const TestService = defineService({
  name: 'grpc.testing.TestService',
  methods: { ...served, unimplementedCall: unary(Empty, Empty) },
})

/** A service that no server has. */
export const UnimplementedService = defineService({
  name: 'grpc.testing.UnimplementedService',
  methods: { unimplementedCall: unary(Empty, Empty) },
})
