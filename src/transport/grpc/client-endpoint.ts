import type { Context } from '../../endpoint/context.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import { streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { MessageStream } from '../grpc-wire/frame/message-stream.js'
import { SingleResponse } from '../grpc-wire/single-response.js'
import { type CallRoute, ClientCall } from './client-call.js'

/** The endpoint that makes calls of a method. That of a streamed response resolves as soon as the call is under way. */
export function clientEndpoint(route: CallRoute): Endpoint {
  const { plan } = route
  const { kind } = plan.method
  const streams = streamsRequests(kind)
  if (streamsResponses(kind)) {
    return async (request, context) => {
      const prepared = streams ? undefined : plan.encode(request)
      const { call, responses } = openStream(route, context)
      start(call, prepared, request)
      return responses
    }
  }
  return (request, context) =>
    new Promise((resolve, reject) => {
      const prepared = streams ? undefined : plan.encode(request)
      checkOpen(route, context)
      const call = new ClientCall(route, context, new SingleResponse(plan, resolve, reject))
      call.read()
      start(call, prepared, request)
    })
}

function start(call: ClientCall, prepared: Uint8Array | undefined, request: unknown): void {
  if (prepared) call.startWith(prepared)
  else call.startStream(request as AsyncIterable<unknown>)
}

/** Throws if a call cannot even begin. */
function checkOpen({ plan, connector }: CallRoute, context: Context): void {
  if (context.cancelled) throw context.cancelled
  if (context.remainingMs() === 0) throw new RpcError(Code.DEADLINE_EXCEEDED, 'the deadline passed')
  if (connector.state !== 'shutdown') return
  throw new RpcError(Code.UNAVAILABLE, `the channel to ${plan.scope.authority} is closed`, { neverSent: true })
}

function openStream(route: CallRoute, context: Context) {
  checkOpen(route, context)
  const { plan } = route
  const responses = new MessageStream<unknown>({
    read: () => call.read(),
    decode: (bytes) => plan.decode(bytes),
    left: (thrown) => call.fail(thrown ?? new RpcError(Code.CANCELLED, 'the caller left the stream')),
  })
  const call = new ClientCall(route, context, responses)
  return { call, responses }
}
