import { readSync, writeSync } from 'node:fs'
import protobuf from 'protobufjs'
import { type JsonValue, type MessageCodec, messageCodec } from 'tierkit/codec'
import { testCodec } from './test-codecs.js'

// What protobuf's conformance_test_runner starts: `conformance_test_runner test/codec/conformance/testee.sh`, with requests
// on the input and answers on the output, each behind four bytes of its length.

const { root } = protobuf.parse(`syntax = "proto3"; package conformance;
  message FailureSet {}
  message ConformanceRequest {
    oneof payload { bytes protobuf_payload = 1; string json_payload = 2; string jspb_payload = 7; string text_payload = 8; }
    int32 requested_output_format = 3;
    string message_type = 4;
    int32 test_category = 5;
  }
  message ConformanceResponse {
    oneof result {
      string parse_error = 1; string runtime_error = 2; bytes protobuf_payload = 3; string json_payload = 4;
      string skipped = 5; string serialize_error = 6;
    }
  }`)

interface Request {
  readonly payload?:
    | { readonly case: 'protobufPayload'; readonly value: Uint8Array }
    | { readonly case: string; readonly value: string }
  readonly requestedOutputFormat: number
  readonly messageType: string
  readonly testCategory: number
}

interface Response {
  readonly result: { readonly case: string; readonly value: string | Uint8Array }
}

const PROTOBUF = 1
const JSON_FORMAT = 2
const IGNORING_UNKNOWN = 3
const requests = messageCodec<Request>(root.lookupType('ConformanceRequest'))
const responses = messageCodec<Response>(root.lookupType('ConformanceResponse'))

function answer(request: Request): Response['result'] {
  if (request.messageType === 'conformance.FailureSet') return { case: 'protobufPayload', value: new Uint8Array() }
  const codec = testCodec(request.messageType)
  if (!codec) return { case: 'skipped', value: `no message ${request.messageType}` }
  const { payload, requestedOutputFormat: format } = request
  if (!payload || !(payload.case === 'protobufPayload' || payload.case === 'jsonPayload'))
    return { case: 'skipped', value: `no input like ${payload?.case}` }
  if (format !== PROTOBUF && format !== JSON_FORMAT) return { case: 'skipped', value: `no output like ${format}` }
  let message: unknown
  try {
    message = read(codec, request)
  } catch (error) {
    return { case: 'parseError', value: String(error) }
  }
  try {
    if (format === PROTOBUF) return { case: 'protobufPayload', value: codec.encode(message as never) }
    return { case: 'jsonPayload', value: codec.toJsonText?.(message as never) ?? '' }
  } catch (error) {
    return { case: 'serializeError', value: String(error) }
  }
}

function read(codec: MessageCodec, { payload, testCategory }: Request): unknown {
  if (payload?.case === 'protobufPayload') return codec.decode(payload.value as Uint8Array)
  const json = JSON.parse(payload?.value as string) as JsonValue
  return codec.fromJson(json, { ignoreUnknownFields: testCategory === IGNORING_UNKNOWN })
}

/** So many bytes of the input; `undefined` at its end. */
function take(size: number): Buffer | undefined {
  const bytes = Buffer.alloc(size)
  for (let at = 0; at < size; ) {
    const count = readSync(0, bytes, at, size - at, null)
    if (count === 0) return undefined
    at += count
  }
  return bytes
}

function put(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at)
}

for (let size = take(4); size; size = take(4)) {
  const request = take(size.readUInt32LE())
  if (!request) break
  const response = responses.encode({ result: answer(requests.decode(request)) })
  const length = Buffer.alloc(4)
  length.writeUInt32LE(response.length)
  put(length)
  put(response)
}
