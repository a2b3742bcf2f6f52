import type { Metadata } from './metadata.js'
import type { Method } from './method.js'

/** Names a typed value in a context. Two keys are never the same, whatever they are called. */
export interface ContextKey<T> {
  /** For people: shown when the key is printed. */
  readonly description: string
  /** Carries the type; never set. */
  readonly type?: T
}

/** Makes a key: `const tenantKey = contextKey<Tenant>('tenant')`. */
export function contextKey<T>(description: string): ContextKey<T> {
  return { description }
}

/** What a value can be made from: a context. */
export interface ValueSource {
  readonly method: Method
  readonly metadata: Metadata
  readonly responseHeaders: Metadata
}

/** A value that is made when a context is first asked for it: see `lazyValue`. */
export class LazyValue<T> {
  /** Makes the value. */
  readonly make: (context: ValueSource) => T

  constructor(make: (context: ValueSource) => T) {
    this.make = make
  }
}

/** A value for `context.set` that `make` makes when it is first asked for. One serves all calls. */
export function lazyValue<T>(make: (context: ValueSource) => T): LazyValue<T> {
  return new LazyValue(make)
}

/** The other end of a call. */
export interface Peer {
  /** `host:port` of the other end, or `inproc`. */
  readonly address: string
  /** What the other end proved with its TLS certificate; absent without a verified one. */
  readonly certificate?: PeerCertificate | undefined
}

/** The parts of a verified peer certificate that decisions are made on. */
export interface PeerCertificate {
  readonly commonName: string | undefined
  /** As in `x509`: `URI:spiffe://…`, `DNS:orders`. */
  readonly subjectAltNames: readonly string[]
  readonly fingerprint256: string
}

/** Who makes a call, as far as authentication has found out. */
export interface Principal {
  readonly subject: string
  readonly roles: readonly string[]
  readonly scopes: readonly string[]
  /** Everything else that was proven: the claims of a token, say. */
  readonly claims: Readonly<Record<string, unknown>>
}
