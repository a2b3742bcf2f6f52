import type { Context } from '../../endpoint/context.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import { type Method, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { MessageStream } from '../grpc-wire/frame/message-stream.js'
import { decodeWith, encodeWith } from '../grpc-wire/message-error.js'
import { type ResponseReceiver, SingleResponse } from '../grpc-wire/single-response.js'
import type { ClientCall } from './client-call.js'
import { asBuffer } from './wire.js'

/** What endpoints need of a channel. */
export interface CallOpener {
  readonly maxSendBytes: number
  /** Opens a call. Throws if that is not possible. */
  open(method: Method, context: Context, receiver: ResponseReceiver): ClientCall
}

/** The endpoint that makes calls of a method. That of a streamed response resolves as soon as the call is under way. */
export function clientEndpoint(method: Method, opener: CallOpener): Endpoint {
  const { kind } = method
  const encode = (message: unknown): Buffer => encodeRequest(method, message, opener.maxSendBytes)
  const decoder = { decode: (bytes: Uint8Array) => decodeWith(method.response, bytes) }
  const prepare = (request: unknown): unknown => (streamsRequests(kind) ? request : encode(request))
  const send = (prepared: unknown, call: ClientCall): void => {
    if (streamsRequests(kind)) void sendAll(prepared as AsyncIterable<unknown>, call, encode)
    else call.sendOnly(prepared as Buffer)
  }
  if (streamsResponses(kind)) {
    return async (request, context) => {
      const prepared = prepare(request)
      const { call, responses } = openStream(method, context, opener)
      send(prepared, call)
      return responses
    }
  }
  return (request, context) =>
    new Promise((resolve, reject) => {
      const prepared = prepare(request)
      const call = opener.open(method, context, new SingleResponse(decoder, resolve, reject))
      call.read()
      send(prepared, call)
    })
}

function openStream(method: Method, context: Context, opener: CallOpener) {
  const responses = new MessageStream<unknown>({
    read: () => call.read(),
    decode: (bytes) => decodeWith(method.response, bytes),
    left: (thrown) => call.fail(thrown ?? new RpcError(Code.CANCELLED, 'the caller left the stream')),
  })
  const call = opener.open(method, context, responses)
  return { call, responses }
}

function encodeRequest(method: Method, message: unknown, maxBytes: number): Buffer {
  return asBuffer(encodeWith(method.request, message, maxBytes))
}

/** Sends requests as fast as the connection takes them. Stops, and lets the source go, when the call is over. */
async function sendAll(
  requests: AsyncIterable<unknown>,
  call: ClientCall,
  encode: (message: unknown) => Buffer,
): Promise<void> {
  try {
    const source = requests[Symbol.asyncIterator]()
    call.follow(source)
    while (!call.ended) {
      const next = await source.next()
      if (call.ended) return
      if (next.done) {
        call.halfClose()
        return
      }
      await call.send(encode(next.value))
    }
  } catch (thrown) {
    call.fail(thrown)
  }
}
