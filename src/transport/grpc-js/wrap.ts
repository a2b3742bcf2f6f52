import { Metadata as EngineMetadata, type sendUnaryData } from '@grpc/grpc-js'
import type { MessageCodec } from '../../codec/message-codec.js'
import { toWellFormed } from '../../codec/protobuf/well-formed.js'
import { Context } from '../../endpoint/context.js'
import { type ContextKey, contextKey } from '../../endpoint/context-value.js'
import type { Endpoint } from '../../endpoint/endpoint.js'
import { type Method, type MethodKind, streamsRequests } from '../../endpoint/method.js'
import { chain, type Middleware } from '../../endpoint/middleware.js'
import { serve } from '../../endpoint/serve.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { systemClock } from '../../resilience/clock.js'
import { appendFields, findField, readFields } from '../grpc-wire/fields.js'
import { peerCertificate } from '../grpc-wire/peer.js'
import { errorOf } from '../grpc-wire/status.js'
import { HandlerStream, type StreamCall } from './engine/handler-stream.js'
import { statusCode, writeDetails } from './error.js'
import { OutgoingMetadata, parsedFields, writeFields } from './metadata.js'

type Callback = sendUnaryData<unknown>
type GrpcHandler = (call: StreamCall, callback?: Callback) => unknown

/** The call that grpc-js made, for the handler at the inner end of the chain. */
const callKey: ContextKey<StreamCall> = contextKey('grpc-js call')

/**
 * Puts middleware around the handlers of a stock grpc-js server, of all four kinds, first named outermost: pass to
 * `server.addService` what comes back. Handlers stay as they are; their context knows metadata, deadline, cancellation
 * and peer, and a method by path and kind, without codecs.
 *
 * What a handler throws, or rejects with, ends its call with `UNKNOWN` and a fixed text; a second callback and what is
 * written after the end are ignored.
 */
export function wrapGrpcHandlers<H extends object>(handlers: H, ...middleware: Middleware[]): H {
  const compose = chain(...middleware)
  const wrapped: Record<string, unknown> = Object.fromEntries(Object.entries(handlers))
  for (const name of namesOf(handlers)) {
    const handler: unknown = Reflect.get(handlers, name)
    if (typeof handler === 'function') wrapped[name] = wrapHandler(handler.bind(handlers), compose)
  }
  return wrapped as H
}

/** Names on an object and on the classes that it is of. */
function namesOf(object: object): string[] {
  const parent: object | null = Object.getPrototypeOf(object)
  const inherited = parent === null || parent === Object.prototype ? [] : namesOf(parent)
  return [...inherited, ...Object.getOwnPropertyNames(object)].filter((name) => name !== 'constructor')
}

function wrapHandler(handler: GrpcHandler, compose: Middleware): GrpcHandler {
  const endpoint = compose((request: unknown, context) => run(handler, request, context))
  let method: Method | undefined
  return (call, callback) => {
    // A handler knows its path and kind only when it is called; they stay the same.
    if (method?.path !== call.getPath()) method = methodOf(call, callback)
    answer(endpoint, contextOf(method, call), callback)
  }
}

function methodOf(call: StreamCall, callback: Callback | undefined): Method {
  const path = call.getPath()
  const [, service = '', name = ''] = path.split('/')
  const kind = kindOf('request' in call, callback !== undefined)
  return { service, name, path, kind, idempotency: 'unknown', request: unknown, response: unknown, http: [] }
}

function kindOf(oneRequest: boolean, oneResponse: boolean): MethodKind {
  if (oneResponse) return oneRequest ? 'unary' : 'client_stream'
  return oneRequest ? 'server_stream' : 'bidi_stream'
}

function missing(): never {
  throw new RpcError(Code.INTERNAL, 'the codecs of a wrapped grpc-js handler are known to grpc-js only')
}

const unknown: MessageCodec = { typeName: '', encode: missing, decode: missing, toJson: missing, fromJson: missing }

function contextOf(method: Method, call: StreamCall): Context {
  const leftMs = Number(call.getDeadline()) - Date.now()
  const context = new Context({
    method,
    side: 'server',
    metadata: () => readFields(parsedFields(call.metadata)),
    deadline: leftMs === Number.POSITIVE_INFINITY ? undefined : systemClock.now() + leftMs,
    peer: () => {
      const certificate = call.getAuthContext().sslPeerCertificate
      return { address: call.getPeer(), certificate: certificate && peerCertificate(certificate) }
    },
  })
  call.on('cancelled', () => context.cancel(new RpcError(Code.CANCELLED, 'the client cancelled the call')))
  return context.set(callKey, call)
}

function callOf(context: Context): StreamCall {
  const call = context.get(callKey)
  if (!call) throw new RpcError(Code.INTERNAL, 'a wrapped handler was called without its call')
  return call
}

/** Brings a call through the chain, and what comes out to grpc-js. */
function answer(endpoint: Endpoint, context: Context, callback: Callback | undefined): void {
  const call = callOf(context)
  const sendHeaders = shareHeaders(call, context)
  const request: unknown = streamsRequests(context.method.kind)
    ? call.iterator({ destroyOnReturn: false })
    : call.request
  const succeed = async (response: unknown): Promise<void> => {
    if (!callback) await sendAll(response as AsyncIterable<unknown>, context, sendHeaders)
    sendHeaders()
    if (callback) callback(null, response, trailersOf(context))
    else call.end(trailersOf(context))
  }
  const fail = (thrown: unknown): void => {
    const error = RpcError.from(thrown)
    const status = { code: error.code, details: toWellFormed(error.rawMessage), metadata: trailersOf(context, error) }
    if (callback) callback(status)
    else call.emit('error', status)
  }
  void serve(endpoint, request, context)
    .then(succeed)
    .catch(fail)
    .finally(() => context.finish())
}

async function sendAll(responses: AsyncIterable<unknown>, context: Context, sendHeaders: () => void): Promise<void> {
  const call = callOf(context)
  for await (const response of responses) {
    sendHeaders()
    if (!call.write(response)) await drained(call, context)
  }
}

function drained(call: StreamCall, context: Context): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = context.onCancel(reject)
    call.once('drain', () => {
      stop()
      resolve()
    })
  })
}

/** Lets handler and middleware both set headers. Returns what sends them, unless the handler has. */
function shareHeaders(call: StreamCall, context: Context): () => void {
  const send = call.sendMetadata.bind(call)
  let sent = false
  call.sendMetadata = (own: EngineMetadata) => {
    if (sent) return
    sent = true
    appendFields(parsedFields(own), () => context.responseHeaders)
    send(new OutgoingMetadata((headers) => writeFields(context.responseHeaders, headers)))
  }
  return () => {
    if (context.hasResponseHeaders) call.sendMetadata(new EngineMetadata())
  }
}

function trailersOf(context: Context, error?: RpcError): OutgoingMetadata {
  return new OutgoingMetadata((trailers) => {
    if (context.hasResponseTrailers) writeFields(context.responseTrailers, trailers)
    if (error) writeDetails(error, trailers)
  })
}

/** Calls the handler itself: the innermost endpoint. */
async function run(handler: GrpcHandler, request: unknown, context: Context): Promise<unknown> {
  const call = callOf(context)
  const { kind } = context.method
  if (kind === 'unary') return settled(handler, Object.assign(call, { request }), context)
  const stream = new HandlerStream({
    call,
    requests: streamsRequests(kind) ? (request as AsyncIterable<unknown>) : undefined,
    request: streamsRequests(kind) ? undefined : request,
    trailers: (metadata) => addTrailers(metadata, context),
  })
  context.onCancel(() => stream.cancel())
  if (kind === 'client_stream') return settled(handler, stream, context)
  void caught(() => handler(stream)).catch((thrown: unknown) => stream.fail(thrown))
  return responsesOf(stream, context)
}

/** What a handler calls back with. */
function settled(handler: GrpcHandler, call: StreamCall, context: Context): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const callback: Callback = (error, value, trailers) => {
      if (trailers) addTrailers(trailers, context)
      if (error) reject(serviceError(error, context))
      else resolve(value)
    }
    caught(() => handler(call, callback)).catch(reject)
  })
}

async function caught(run: () => unknown): Promise<void> {
  await run()
}

async function* responsesOf(stream: HandlerStream, context: Context): AsyncGenerator<unknown> {
  try {
    yield* stream.responses
  } catch (thrown) {
    throw serviceError(thrown, context)
  }
}

function addTrailers(metadata: EngineMetadata, context: Context): void {
  appendFields(parsedFields(metadata), () => context.responseTrailers)
}

/** What a handler fails with: a status, if it has a code; anything else is not for the caller. */
function serviceError(thrown: unknown, context: Context): RpcError {
  if (thrown instanceof RpcError) return thrown
  const { code, details, message, metadata } = (thrown ?? {}) as Record<string, unknown>
  const fields = metadata instanceof EngineMetadata ? parsedFields(metadata) : []
  if (metadata instanceof EngineMetadata) addTrailers(metadata, context)
  const text = typeof details === 'string' ? details : String(message ?? '')
  const status = findField(fields, 'grpc-status-details-bin')
  const known = Number.isInteger(code)
    ? errorOf({ code: statusCode(code, text), message: text, details: status, neverSent: false })
    : undefined
  return known ?? RpcError.from(thrown)
}
