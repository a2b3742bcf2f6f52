import { setTimeout as sleep } from 'node:timers/promises'
import {
  Code,
  type Context,
  codeName,
  implement,
  type MessageOf,
  type Middleware,
  RpcError,
  type Service,
} from 'tierkit'
import { codeFrom, type ErrorCode } from 'tierkit/error'
import { compressionKey, wasCompressedKey } from 'tierkit/transport/grpc'
import { type EchoStatus, ServedTestService, type StreamingOutputCallRequest } from './contract.js'

const INITIAL = 'x-grpc-test-echo-initial'
const TRAILING = 'x-grpc-test-echo-trailing-bin'

/** Sends two headers of the request back: one before the response, one after it. */
export const echoMetadata: Middleware = (next) =>
  async function echoMetadata(request, context) {
    const initial = context.metadata.get(INITIAL)
    const trailing = context.metadata.getBytes(TRAILING)
    if (initial !== undefined) context.responseHeaders.set(INITIAL, initial)
    if (trailing !== undefined) context.responseTrailers.set(TRAILING, trailing)
    return next(request, context)
  }

function obey(status: MessageOf<typeof EchoStatus> | undefined): void {
  const code = codeFrom(status?.code ?? 0)
  if (code !== Code.OK) throw new RpcError(code as ErrorCode, status?.message || codeName(code))
}

const zeros = (size: number) => ({ payload: { type: 0, body: new Uint8Array(size) } })

/** Refuses a message that did not come compressed, or did, where its sender says otherwise. */
function expect(compressed: { value: boolean } | undefined, context: Context): void {
  if (!compressed || compressed.value === (context.get(wasCompressedKey) ?? false)) return
  throw new RpcError(Code.INVALID_ARGUMENT, `the message was ${compressed.value ? 'not ' : ''}compressed`)
}

/** Compresses the responses from now on, or not, if a caller asks for either. */
function compress(compressed: { value: boolean } | undefined, context: Context): void {
  if (compressed) context.set(compressionKey, compressed.value)
}

async function* respond(request: StreamingOutputCallRequest, context: Context) {
  obey(request.responseStatus)
  for (const { size, intervalUs, compressed } of request.responseParameters) {
    if (intervalUs > 0) await sleep(intervalUs / 1000)
    compress(compressed, context)
    yield zeros(size)
  }
}

/** The service that interoperability clients of every language call. */
export const testService: Service = implement(ServedTestService, {
  emptyCall: () => ({}),

  unaryCall({ responseStatus, responseSize, expectCompressed, responseCompressed }, context) {
    expect(expectCompressed, context)
    obey(responseStatus)
    compress(responseCompressed, context)
    return zeros(responseSize)
  },

  streamingOutputCall: respond,

  async streamingInputCall(requests, context) {
    let aggregatedPayloadSize = 0
    for await (const { payload, expectCompressed } of requests) {
      expect(expectCompressed, context)
      aggregatedPayloadSize += payload?.body.length ?? 0
    }
    return { aggregatedPayloadSize }
  },

  async *fullDuplexCall(requests, context) {
    for await (const request of requests) yield* respond(request, context)
  },

  async *halfDuplexCall(requests, context) {
    const all: StreamingOutputCallRequest[] = []
    for await (const request of requests) all.push(request)
    for (const request of all) yield* respond(request, context)
  },
})
