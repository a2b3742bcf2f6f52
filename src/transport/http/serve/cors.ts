import type { HttpRequest, HttpResponse } from './http-message.js'

/** Which browsers may call from pages of other origins. */
export interface CorsOptions {
  /** Origins, `https://shop.example.com`, or what decides; `*` for any, which cannot go with `credentials`. */
  readonly origins: '*' | readonly string[] | ((origin: string) => boolean)
  /**
   * Request headers that pages may send, beside `content-type` and, to methods, those of gRPC-Web and Connect; by default
   * those that they ask for.
   */
  readonly headers?: readonly string[] | undefined
  /** Response headers that pages may read; by default none but what gRPC-Web and Connect answer, metadata included. */
  readonly exposedHeaders?: readonly string[] | undefined
  /** Whether cookies and client certificates may go with a call; false by default. */
  readonly credentials?: boolean | undefined
  /** How long a browser may remember the answer, in ms; 10 minutes by default. */
  readonly maxAgeMs?: number | undefined
}

/** What a path can be asked with. */
export interface PathMethods {
  /** HTTP methods of its routes. */
  readonly methods: readonly string[]
  /** HTTP methods of gRPC-Web and Connect; none for a path that is not that of a method. */
  readonly rpc: readonly string[]
}

/** Request headers of gRPC-Web and Connect. */
const RPC_HEADERS: readonly string[] = [
  'connect-protocol-version',
  'connect-timeout-ms',
  'grpc-timeout',
  'x-grpc-web',
  'x-user-agent',
]
const HEADER_NAMES = /^[\w-]+(\s*,\s*[\w-]+)*$/

/** Answers the questions of browsers. Throws an `Error` for options that would open a server to everyone. */
export class Cors {
  readonly #options: CorsOptions

  constructor(options: CorsOptions) {
    if (options.origins === '*' && options.credentials) {
      throw new TypeError('cors: credentials need the origins to be listed, not *')
    }
    if (Array.isArray(options.origins)) for (const origin of options.origins) checkOrigin(origin)
    const { maxAgeMs = 0 } = options
    if (!(maxAgeMs >= 0)) throw new RangeError(`cors: maxAgeMs must be a number from 0 up, not ${maxAgeMs}`)
    this.#options = options
  }

  /** Whether cookies and client certificates may go with a call. */
  get credentials(): boolean {
    return this.#options.credentials ?? false
  }

  /** Sets what goes on every response; true if the origin may call. */
  admit(request: HttpRequest, response: HttpResponse): boolean {
    const { origins, credentials, exposedHeaders = [] } = this.#options
    const { origin } = request.headers
    if (origins !== '*') response.setHeader('Vary', 'Origin')
    if (origin === undefined || !this.allows(origin)) return false
    response.setHeader('Access-Control-Allow-Origin', origins === '*' ? '*' : origin)
    if (credentials) response.setHeader('Access-Control-Allow-Credentials', 'true')
    if (exposedHeaders.length > 0) response.setHeader('Access-Control-Expose-Headers', exposedHeaders.join(', '))
    return true
  }

  /** Sets what goes on the answer to a preflight of an origin that may call. */
  preflight(request: HttpRequest, response: HttpResponse, { methods, rpc }: PathMethods): void {
    const { headers, maxAgeMs = 600_000 } = this.#options
    const asked = request.headers['access-control-request-headers']
    const ofRpc = rpc.length > 0 ? RPC_HEADERS : []
    const allowed = headers ? ['content-type', ...ofRpc, ...headers].join(', ') : asked
    response.setHeader('Access-Control-Allow-Methods', [...new Set([...methods, ...rpc])].sort().join(', '))
    if (allowed && HEADER_NAMES.test(allowed)) response.setHeader('Access-Control-Allow-Headers', allowed)
    response.setHeader('Access-Control-Max-Age', String(Math.floor(maxAgeMs / 1000)))
  }

  /** Whether pages of an origin may call. */
  allows(origin: string): boolean {
    const { origins } = this.#options
    if (typeof origins === 'function') return origins(origin)
    return origins === '*' || origins.includes(origin)
  }
}

/** An origin as browsers write it (RFC 6454, 6.2). */
const ORIGIN = /^(null|[a-z][a-z0-9+.-]*:\/\/[^\sA-Z/?#]+)$/

function checkOrigin(origin: string): void {
  if (ORIGIN.test(origin)) return
  const hint =
    origin === '*' ? "origins: '*' stands for any" : 'https://shop.example.com is one, without a path, in lower case'
  throw new TypeError(`cors: ${JSON.stringify(origin)} is not an origin: ${hint}`)
}
