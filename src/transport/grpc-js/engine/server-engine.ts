import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import {
  type ConnectionInjector,
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  type ServerInterceptingCallInterface,
} from '@grpc/grpc-js'
import type { GrpcServerOptions } from '../../grpc-options.js'
import type { ServerTls } from '../../transport.js'
import { serverOptions } from './options.js'

/** A request as HTTP/2 brought it. */
export interface IncomingStream {
  readonly stream: ServerHttp2Stream
  readonly session: ServerHttp2Session
  /** Header fields by name; repeated ones joined. */
  readonly headers: IncomingHttpHeaders
  /** Header fields as they arrived: names and values in turn. */
  readonly fields: readonly string[]
}

/** Serves a call, in place of grpc-js's own handlers. */
export type TakeCall = (call: ServerInterceptingCallInterface) => void

/** What a server does with what arrives. */
export interface ServerEngineInit {
  /** Paths of the methods that are served. */
  readonly paths: Iterable<string>
  readonly options: GrpcServerOptions
  readonly maxHeaderBytes: number
  onSession(session: ServerHttp2Session): void
  /** Sees a request before grpc-js does. Returns how to serve it, or nothing if it has answered it. */
  onStream(incoming: IncomingStream): TakeCall | undefined
}

/** grpc-js with its handlers taken out: what is left are connections, limits, framing and decompression. */
export interface ServerEngine {
  /** Takes a connection over. */
  connect(socket: Socket): void
  /** Releases everything. */
  stop(): void
}

type Handler = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders) => void

/** Starts grpc-js without a port: connections are given to it. */
export function startServerEngine(init: ServerEngineInit): ServerEngine {
  // Handlers of grpc-js start with the call that an interceptor returns. On this one nothing ever happens.
  const idle = new ServerInterceptingCall(undefined as never, { start: () => {} })
  let take: TakeCall | undefined
  const interceptor = (_method: unknown, call: ServerInterceptingCallInterface): ServerInterceptingCall => {
    take?.(call)
    return idle
  }
  const server = new Server({ ...serverOptions(init.options), interceptors: [interceptor] })
  for (const path of init.paths) server.register(path, () => {}, asIs, asIs, 'bidi')
  const injector = createInjector(server, init.options.tls)
  const http2Server = http2ServerOf(server)
  http2Server.updateSettings({ maxHeaderListSize: init.maxHeaderBytes })
  http2Server.on('session', init.onSession)
  interceptStreams(http2Server, (incoming, passOn) => {
    take = init.onStream(incoming)
    if (take) passOn(incoming.stream, engineHeaders(incoming.headers))
    take = undefined
  })
  return { connect: (socket) => injector.injectConnection(socket), stop: () => server.forceShutdown() }
}

/** Messages are bytes here: what they mean is not this engine's business. */
function asIs(message: Buffer): Buffer {
  return message
}

function createInjector(server: Server, tls: ServerTls | undefined): ConnectionInjector {
  try {
    return server.createConnectionInjector(serverCredentials(tls))
  } catch (cause) {
    throw new Error(`the key or a certificate of the gRPC server cannot be used: ${(cause as Error).message}`, {
      cause,
    })
  }
}

/**
 * The HTTP/2 server that grpc-js serves with. It keeps it to itself, but what is wrong with a request is seen, and many
 * limits are set, only there.
 */
function http2ServerOf(server: Server): Http2Server {
  const servers: unknown = Reflect.get(server, 'http2Servers')
  const [http2Server] = servers instanceof Map ? servers.keys() : []
  if (typeof http2Server?.updateSettings !== 'function') {
    throw new Error('this version of @grpc/grpc-js hides its HTTP/2 server: tierkit needs 1.14')
  }
  return http2Server as Http2Server
}

function interceptStreams(server: Http2Server, see: (incoming: IncomingStream, passOn: Handler) => void): void {
  const handlers = server.listeners('stream') as Handler[]
  const passOn: Handler = (stream, headers) => {
    for (const handle of handlers) handle(stream, headers)
  }
  server.removeAllListeners('stream')
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw?: string[]) => {
    const session = stream.session as ServerHttp2Session | undefined
    // Without one the connection broke before the stream came to be seen.
    if (session) see({ stream, session, headers, fields: raw ?? flatten(headers) }, passOn)
  })
}

function flatten(headers: IncomingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().flatMap((text) => [name, text]))
}

/** The little of a request's headers that grpc-js has to see: parsing the rest would be work in vain. */
function engineHeaders(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  return {
    ':path': headers[':path'],
    ':authority': headers[':authority'],
    'content-type': 'application/grpc',
    'grpc-encoding': headers['grpc-encoding'],
  }
}

function serverCredentials(tls: ServerTls | undefined): ServerCredentials {
  if (!tls) return ServerCredentials.createInsecure()
  const { key, cert, clientCa } = tls
  const pair = { private_key: Buffer.from(key), cert_chain: Buffer.from(cert) }
  return ServerCredentials.createSsl(
    clientCa === undefined ? null : Buffer.from(clientCa),
    [pair],
    clientCa !== undefined,
  )
}
