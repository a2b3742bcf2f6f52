import type { Attributes, Span } from '@opentelemetry/api'
import type { Context } from '../endpoint/context.js'
import type { Method } from '../endpoint/method.js'
import type { Outcome } from '../endpoint/outcome.js'
import { serverKey } from '../endpoint/outgoing.js'
import { codeName } from '../error/code.js'
import { type HostPort, splitAddress, splitTarget } from './host-port.js'
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
  const picked = context.get(serverKey)
  if (target !== undefined) return { ...attributes, ...hostPort('server', splitTarget(target)) }
  return picked === undefined ? attributes : { ...attributes, ...hostPort('server', splitAddress(picked)) }
}

/** Says which server a call went to, for a client that was told of no target: the instance of the last attempt. */
export function nameServer(span: Span, context: Context): void {
  const address = context.get(serverKey) ?? context.peer?.address
  if (context.side === 'client' && address !== undefined) span.setAttributes(hostPort('server', splitAddress(address)))
}

/** Ends the span of a call: status, code, peer. For a client every code but OK is an error, for a server its own faults are. */
export function endSpan(span: Span, context: Context, { code, error }: Outcome): void {
  span.setAttribute('rpc.status_code', codeName(code))
  if (context.peer) span.setAttributes(hostPort('network.peer', splitAddress(context.peer.address)))
  if (error && (context.side === 'client' || isServerFault(code))) {
    span.setAttribute('error.type', codeName(code))
    span.setStatus({ code: STATUS_ERROR, message: error.rawMessage })
    if (error.cause instanceof Error) span.recordException(error.cause)
  }
  span.end()
}

function hostPort(whose: 'server' | 'network.peer', { host, port }: HostPort): Attributes {
  return { [`${whose}.address`]: host, ...(port !== undefined && { [`${whose}.port`]: port }) }
}
