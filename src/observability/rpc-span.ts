import type { Attributes, Span } from '@opentelemetry/api'
import type { Context } from '../endpoint/context.js'
import type { Peer } from '../endpoint/context-value.js'
import type { Method } from '../endpoint/method.js'
import type { Outcome } from '../endpoint/outcome.js'
import { codeName } from '../error/code.js'
import { splitAddress, splitTarget } from './host-port.js'
import { isServerFault } from './server-fault.js'

/** Numbers of OpenTelemetry's span status and kinds, which are fixed; they spare loading its API for two constants. */
const STATUS_ERROR = 2

/** Name of a method as traces have it: `shop.v1.Orders/PlaceOrder`. */
export function rpcMethod(method: Method): string {
  return `${method.service}/${method.name}`
}

/**
 * What is known of a call when its span starts.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/rpc/grpc/
 */
export function startAttributes(context: Context, target: string | undefined): Attributes {
  const attributes: Attributes = { 'rpc.system.name': 'grpc', 'rpc.method': rpcMethod(context.method) }
  const server = target === undefined ? undefined : splitTarget(target)
  if (server) {
    attributes['server.address'] = server.host
    if (server.port !== undefined) attributes['server.port'] = server.port
  }
  return attributes
}

/** Ends the span of a call: status, code, peer. For a client every code but OK is an error, for a server its own faults are. */
export function endSpan(span: Span, context: Context, { code, error }: Outcome): void {
  span.setAttribute('rpc.status_code', codeName(code))
  if (context.peer) span.setAttributes(peerAttributes(context.peer))
  if (error && (context.side === 'client' || isServerFault(code))) {
    span.setAttribute('error.type', codeName(code))
    span.setStatus({ code: STATUS_ERROR, message: error.rawMessage })
    if (error.cause instanceof Error) span.recordException(error.cause)
  }
  span.end()
}

function peerAttributes(peer: Peer): Attributes {
  const { host, port } = splitAddress(peer.address)
  return port === undefined
    ? { 'network.peer.address': host }
    : { 'network.peer.address': host, 'network.peer.port': port }
}
