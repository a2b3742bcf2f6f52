import { bindings } from 'tierkit'
import type { Middleware } from 'tierkit/endpoint'
import { grpcChannel, grpcServer } from 'tierkit/transport/grpc'
import { grpcJsChannel, grpcJsServer } from 'tierkit/transport/grpc-js'
import { httpChannel, httpServer } from 'tierkit/transport/http'
import { createInproc } from 'tierkit/transport/inproc'

type Inproc = ReturnType<typeof createInproc>

/** A server that listens, with the channel that leads to it. */
export interface Served extends Inproc {
  close(): Promise<void>
}

/** Every transport, by the name that reports know it by. */
export const transportNames = ['grpc', 'grpc-js', 'http', 'inproc'] as const

export type TransportName = (typeof transportNames)[number]

/** Serves a service over a transport, and opens a channel to it. */
export async function serveOver(
  name: TransportName,
  service: object,
  middleware: readonly Middleware[],
): Promise<Served> {
  const { server, open } = endsOf(name)
  const { url } = await server.listen(bindings([service], ...middleware))
  const channel = open(url)
  const close = async (): Promise<void> => {
    await channel.close()
    await server.drain(2000)
    await server.close()
  }
  return { server, channel, close }
}

function endsOf(name: TransportName): { server: Inproc['server']; open: (url: string) => Inproc['channel'] } {
  const host = '127.0.0.1'
  if (name === 'grpc') return { server: grpcServer({ host }), open: grpcChannel }
  if (name === 'grpc-js') return { server: grpcJsServer({ host }), open: grpcJsChannel }
  if (name === 'http') return { server: httpServer({ host }), open: httpChannel }
  const { server, channel } = createInproc()
  return { server, open: () => channel }
}
