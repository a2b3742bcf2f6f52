import type { Balancer, NodeFilter } from '../balancer/balancer.js'
import { leastRequest } from '../balancer/least-request.js'
import type { Middleware } from '../endpoint/middleware.js'
import type { Resolver } from '../registry/registry.js'
import { Troubles } from '../registry/troubles.js'
import { type Clock, type Random, systemClock } from '../resilience/clock.js'
import type { Channel, ChannelFactory, ClientTls } from '../transport/transport.js'
import { ServiceChannel } from './channel/service-channel.js'
import { openSource } from './channel/service-source.js'
import { type ClientProtocol, Transports } from './channel/transports.js'

/** How a channel finds and reaches a service. */
export interface ChannelOptions {
  /**
   * What to call: a service in a registry (`etcd://host:2379/orders`, `file:///tmp/shop/orders`), a list
   * (`static:///a:9000,b:9000`), one address (`grpc://a:9000`, `http://a:8000`, `a:9000`), or, with `registry`, the name of
   * the service there (`discovery:///orders`).
   */
  readonly target: string
  /** The registry to look in, shared with others. It stays open when the channel closes. By default the target says which. */
  readonly registry?: Resolver | undefined
  /** Chooses the instance of each attempt; `leastRequest()` by default. Not to be shared between channels. */
  readonly balancer?: Balancer | undefined
  /** Narrow the instances down, one after the other; only what is left is connected. None by default. */
  readonly filters?: readonly NodeFilter[] | undefined
  /** The one protocol to use where instances offer several. By default gRPC, or HTTP where there is no gRPC. */
  readonly protocol?: ClientProtocol | undefined
  /**
   * What makes the channel to one address, by URL scheme, before the transports that tierkit brings: to set options of a
   * transport, or to use another one. `{ grpc: (url) => grpcJsChannel(url, { maxReceiveBytes: 1e6 }) }`
   */
  readonly transports?: Readonly<Record<string, ChannelFactory>> | undefined
  /**
   * Trust and identity for TLS. With it (`{}` will do) only `grpcs:` and `https:` endpoints are called, and an address
   * without a scheme is one. Without it an endpoint's scheme decides, and the system's certificate authorities are trusted.
   */
  readonly tls?: ClientTls | undefined
  /** Runs once per attempt, after the pick: `context.peer` is known. The first named is outermost. None by default. */
  readonly attemptMiddleware?: readonly Middleware[] | undefined
  /**
   * Told of each trouble in the background, when it begins: the channel's own registry has an outage or an entry that cannot
   * be read, the watch of whichever registry fails. The channel goes on by itself; this is for logs. Nothing by default.
   */
  readonly onError?: ((error: Error) => void) | undefined
  /** Times the renewal of a failed watch. */
  readonly clock?: Clock | undefined
  readonly random?: Random | undefined
}

/**
 * Makes a channel to all instances of a service. Clients of several definitions may share it.
 *
 * Nothing happens until the first call, or `connect()`. From then on it follows the registry: instances that stay keep
 * their connection, those that go are drained. Calls go to instances that are connected; while none is, they wait for the
 * first to be, and fail with `UNAVAILABLE` once every connection has failed (with `waitForReady` they wait on). Retries of a
 * call avoid the instances that it has tried. An empty registry is `UNAVAILABLE` with the reason `NO_INSTANCES`.
 *
 * Throws a `TypeError` if the target cannot be read.
 */
export function createChannel(options: ChannelOptions): Channel {
  const { target, registry, balancer = leastRequest(), filters = [], protocol, transports = {}, tls } = options
  const { attemptMiddleware = [], onError, clock = systemClock, random = Math.random } = options
  return new ServiceChannel({
    target,
    source: openSource(target, { registry, secure: tls !== undefined, onError }),
    transports: new Transports({ protocol, transports, tls }),
    balancer,
    filters,
    attemptMiddleware,
    troubles: new Troubles({ onError }),
    clock,
    random,
  })
}
