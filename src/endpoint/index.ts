/** The kernel: endpoints, middleware and the context of a call. @module */
export { currentContext, runInContext } from './ambient.js'
export type { CancelListener } from './cancel/listeners.js'
export { Context, type ContextChange, type ContextInit } from './context.js'
export {
  type ContextKey,
  contextKey,
  type LazyValue,
  lazyValue,
  type Peer,
  type PeerCertificate,
  type Principal,
  type ValueSource,
} from './context-value.js'
export type { Endpoint } from './endpoint.js'
export { Metadata, type MetadataInit, type MetadataValue } from './metadata.js'
export {
  type HttpRule,
  type Idempotency,
  type Method,
  type MethodKind,
  streamsRequests,
  streamsResponses,
} from './method.js'
export { chain, type Middleware, type MiddlewareSnapshot, withSnapshot } from './middleware.js'
export { type CallObserver, type Outcome, outcome } from './outcome.js'
export { type CallOptions, GLOBAL_PREFIX, outgoingContext, waitForReadyKey } from './outgoing.js'
export { type Binding, serve } from './serve.js'
export { type StreamTap, tapStream } from './stream.js'
