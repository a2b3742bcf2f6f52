import type { Http2Server, IncomingHttpHeaders, ServerHttp2Session, ServerHttp2Stream } from 'node:http2'
import type { Socket } from 'node:net'
import { type ConnectionInjector, Server, ServerCredentials } from '@grpc/grpc-js'
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

/** What a server does with what arrives. */
export interface ServerEngineInit {
  readonly options: GrpcServerOptions
  readonly maxHeaderBytes: number
  onSession(session: ServerHttp2Session): void
  /** Serves a request. */
  onStream(incoming: IncomingStream): void
}

/** grpc-js with its calls taken out: what is left are connections with their limits, keepalive, age and TLS. */
export interface ServerEngine {
  /** Takes a connection over. */
  connect(socket: Socket): void
  /** Releases everything. */
  stop(): void
}

const HIDDEN = 'this version of @grpc/grpc-js hides its HTTP/2 server: tierkit needs 1.14'

/** Starts grpc-js without a port: connections are given to it. */
export function startServerEngine(init: ServerEngineInit): ServerEngine {
  const server = new Server(serverOptions(init.options))
  const injector = createInjector(server, init.options.tls)
  const http2Server = http2ServerOf(server)
  http2Server.updateSettings({ maxHeaderListSize: init.maxHeaderBytes })
  http2Server.on('session', init.onSession)
  takeStreams(http2Server, countOpened(server), init.onStream)
  return { connect: (socket) => injector.injectConnection(socket), stop: () => server.forceShutdown() }
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
    throw new Error(HIDDEN)
  }
  return http2Server as Http2Server
}

/** Tells grpc-js of a stream that was opened: it measures how long connections are idle. */
function countOpened(server: Server): (stream: ServerHttp2Stream) => void {
  const count: unknown = Reflect.get(server, 'onStreamOpened')
  if (typeof count !== 'function') throw new Error(HIDDEN)
  return (stream) => Reflect.apply(count, server, [stream])
}

function takeStreams(
  server: Http2Server,
  opened: (stream: ServerHttp2Stream) => void,
  onStream: (incoming: IncomingStream) => void,
): void {
  server.removeAllListeners('stream')
  server.on('stream', (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw?: string[]) => {
    const session = stream.session as ServerHttp2Session | undefined
    // Without one the connection broke before the stream came to be seen.
    if (!session) return
    opened(stream)
    onStream({ stream, session, headers, fields: raw ?? flatten(headers) })
  })
}

function flatten(headers: IncomingHttpHeaders): string[] {
  return Object.entries(headers).flatMap(([name, value]) => [value ?? []].flat().flatMap((text) => [name, text]))
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
