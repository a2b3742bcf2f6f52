import type { Binding } from '../../kernel.js'
import type { HttpLimits } from '../options.js'
import { BrowserExchange } from './browser-exchange.js'
import type { BrowserRequest, CallHost, CallProtocol } from './call-protocol.js'
import { httpMethodsOf } from './connect/connect-request.js'
import { ConnectStreamWire } from './connect/connect-stream-wire.js'
import { ConnectUnary } from './connect/connect-unary.js'
import { FramedProtocol } from './framed/framed-protocol.js'
import { GrpcWebWire } from './grpc-web/grpc-web-wire.js'
import { type BrowserProtocol, protocolOf } from './recognize.js'

/** What a server is told of how it answers. */
export interface BrowserOptions {
  readonly heartbeatMs?: number | undefined
  readonly compression?: boolean | { readonly encodings?: readonly string[] | undefined } | undefined
}

/** What calls have of their server. */
export interface BrowserServer {
  readonly bindings: readonly Binding[]
  readonly limits: HttpLimits
  readonly clock: CallHost['clock']
  /** True once connections are to be closed after their response. */
  isDraining(): boolean
}

/** A request that may be one of a protocol of browsers. */
export interface Candidate extends Omit<BrowserRequest, 'query'> {
  readonly path: string
}

type Make = (host: CallHost, call: BrowserRequest) => CallProtocol

const protocols: Readonly<Record<BrowserProtocol, Make>> = {
  connect: (host, call) => new ConnectUnary(host, call),
  'connect-stream': (host, call) =>
    new FramedProtocol(host, call, new ConnectStreamWire(call.request, host.limits.maxBodyBytes)),
  'grpc-web': (host, call) => new FramedProtocol(host, call, new GrpcWebWire(call.request, host.limits.maxBodyBytes)),
}

/** Serves the methods of a server in the protocols that browsers can speak: gRPC-Web and Connect. */
export class BrowserCalls {
  readonly #bindings: ReadonlyMap<string, Binding>
  readonly #host: CallHost

  constructor({ heartbeatMs = 15_000, compression = false }: BrowserOptions, server: BrowserServer) {
    const { bindings, limits, clock } = server
    this.#bindings = new Map(bindings.map((binding) => [binding.method.path, binding]))
    const gzip = typeof compression === 'boolean' ? compression : (compression.encodings?.includes('gzip') ?? true)
    this.#host = {
      limits,
      clock,
      heartbeatMs,
      gzip,
      get draining() {
        return server.isDraining()
      },
    }
  }

  /** The exchange of a request that is of gRPC-Web or Connect; `undefined` for any other. */
  open(candidate: Candidate): BrowserExchange | undefined {
    const kind = protocolOf(candidate.request)
    if (kind === undefined) return undefined
    const { path, ...call } = candidate
    const query = (call.request.url ?? '').slice(path.length + 1)
    const protocol = protocols[kind](this.#host, { ...call, query })
    return new BrowserExchange(this.#host, { ...call, query, protocol, binding: this.#bindings.get(path) })
  }

  /** The HTTP methods that pages of other origins may use on a path, beside those of its routes. */
  methods(path: string): readonly string[] {
    const binding = this.#bindings.get(path)
    return binding ? httpMethodsOf(binding.method) : []
  }
}
