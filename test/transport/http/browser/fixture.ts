import type { Transport } from '@connectrpc/connect'
import type { UniversalClientFn } from '@connectrpc/connect/protocol'
import { createTransport as connectOver } from '@connectrpc/connect/protocol-connect'
import { createTransport as grpcWebOver } from '@connectrpc/connect/protocol-grpc-web'
import { createConnectTransport, createGrpcWebTransport } from '@connectrpc/connect-web'
import { type ServeOptions, serve } from 'tierkit/app'
import type { Binding } from 'tierkit/endpoint'
import { type HttpServerOptions, httpServer } from 'tierkit/transport/http'
import { onTestFinished } from 'vitest'
import type { Kind } from './contract.js'
import { fetchOverHttp2, gzipCompression, overHttp1, overHttp2 } from './universal-client.js'

export type HttpOptions = NonNullable<ServeOptions['http']>

/** The ports that browsers may come to. */
export const ports = {
  'http()': (options: HttpServerOptions) => httpServer({ host: '127.0.0.1', ...options }),
  'serve()': ({ clock, ...http }: HttpServerOptions) => serve({ host: '127.0.0.1', clock, http }),
}
export type Port = keyof typeof ports

/** Starts a server on a free loopback port for the length of a test. */
export async function starting(port: Port, bindings: readonly Binding[], options: HttpServerOptions = {}) {
  const server = ports[port](options)
  const address = await server.listen(bindings)
  onTestFinished(() => server.close())
  return { server, port: address.port, url: `http://127.0.0.1:${address.port}` }
}

/** A client of others, and what it is for. */
export interface ForeignClient {
  readonly name: string
  readonly port: Port
  readonly kinds: readonly Kind[]
  open(baseUrl: string): Transport
}

const all: readonly Kind[] = ['say', 'look', 'list', 'join', 'chat']
const half: readonly Kind[] = ['say', 'look', 'list']
const rest = (baseUrl: string) => ({
  baseUrl,
  interceptors: [],
  compressMinBytes: 1,
  readMaxBytes: 2 ** 24,
  writeMaxBytes: 2 ** 24,
  acceptCompression: [],
  sendCompression: null,
})
const packing = { acceptCompression: [gzipCompression], sendCompression: gzipCompression }

type Make = (name: string, kinds: readonly Kind[], open: ForeignClient['open']) => ForeignClient

function clientsOf(port: Port): ForeignClient[] {
  const make: Make = (name, kinds, open) => ({ name: `${name}, to ${port}`, port, kinds, open })
  return port === 'http()' ? http1Clients(make) : [...http1Clients(make), ...http2Clients(make)]
}

function http1Clients(make: Make): ForeignClient[] {
  return [
    make('Connect by fetch, JSON', half, (baseUrl) => createConnectTransport({ baseUrl })),
    make('Connect by fetch, protobuf and GET', half, (baseUrl) =>
      createConnectTransport({ baseUrl, useBinaryFormat: true, useHttpGet: true }),
    ),
    make('gRPC-Web by fetch, protobuf', half, (baseUrl) => createGrpcWebTransport({ baseUrl })),
    make('gRPC-Web by fetch, JSON', half, (baseUrl) => createGrpcWebTransport({ baseUrl, useBinaryFormat: false })),
    ...packingClients(make, 'HTTP/1.1', () => overHttp1),
  ]
}

function http2Clients(make: Make): ForeignClient[] {
  return [
    make('Connect by fetch over HTTP/2, JSON', half, (baseUrl) =>
      createConnectTransport({ baseUrl, fetch: fetchOverHttp2(baseUrl) }),
    ),
    make('gRPC-Web by fetch over HTTP/2, protobuf', half, (baseUrl) =>
      createGrpcWebTransport({ baseUrl, fetch: fetchOverHttp2(baseUrl) }),
    ),
    ...packingClients(make, 'HTTP/2', overHttp2),
  ]
}

function packingClients(make: Make, version: string, to: (baseUrl: string) => UniversalClientFn): ForeignClient[] {
  return [
    make(`Connect over ${version}, JSON`, all, (baseUrl) =>
      connectOver({ ...rest(baseUrl), useBinaryFormat: false, httpClient: to(baseUrl) }),
    ),
    make(`Connect over ${version}, protobuf, GET and gzip`, all, (baseUrl) =>
      connectOver({
        ...rest(baseUrl),
        ...packing,
        useBinaryFormat: true,
        useHttpGet: true,
        httpClient: to(baseUrl),
      }),
    ),
    make(`gRPC-Web over ${version}, protobuf and gzip`, half, (baseUrl) =>
      grpcWebOver({ ...rest(baseUrl), ...packing, useBinaryFormat: true, httpClient: to(baseUrl) }),
    ),
  ]
}

/** Every client of others, for every port. */
export const foreignClients: readonly ForeignClient[] = (Object.keys(ports) as Port[]).flatMap(clientsOf)
