import { setTimeout as sleep } from 'node:timers/promises'
import { Code, codeName, implement, type MessageOf, type Middleware, RpcError, type Service } from 'tierkit'
import { codeFrom, type ErrorCode } from 'tierkit/error'
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

async function* respond(request: StreamingOutputCallRequest) {
  obey(request.responseStatus)
  for (const { size, intervalUs } of request.responseParameters) {
    if (intervalUs > 0) await sleep(intervalUs / 1000)
    yield zeros(size)
  }
}

/** The service that interoperability clients of every language call. */
export const testService: Service = implement(ServedTestService, {
  emptyCall: () => ({}),

  unaryCall({ responseStatus, responseSize }) {
    obey(responseStatus)
    return zeros(responseSize)
  },

  streamingOutputCall: respond,

  async streamingInputCall(requests) {
    let aggregatedPayloadSize = 0
    for await (const { payload } of requests) aggregatedPayloadSize += payload?.body.length ?? 0
    return { aggregatedPayloadSize }
  },

  async *fullDuplexCall(requests) {
    for await (const request of requests) yield* respond(request)
  },

  async *halfDuplexCall(requests) {
    const all: StreamingOutputCallRequest[] = []
    for await (const request of requests) all.push(request)
    for (const request of all) yield* respond(request)
  },
})
