import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { Flag, headers, settings, Type } from '../../../http2/peer/frames.js'
import { block, response } from '../../../http2/peer/hpack-writer.js'
import { afterwards } from '../../grpc-suite/fixture.js'
import { RawConnection } from './raw-connection.js'

/** Header blocks of a response of gRPC. */
export const begun = response(['content-type', 'application/grpc'])
export const ended = (code = 0) => block(['grpc-status', `${code}`])
export const statusOnly = (code: number) => response(['content-type', 'application/grpc'], ['grpc-status', `${code}`])

/** A server that says what a test likes: `serve` is called with each connection, greeted, and counted from 1. */
export async function rawServer(
  serve: (connection: RawConnection, count: number) => Promise<void>,
  greeting: Uint8Array = settings(),
) {
  const connections: RawConnection[] = []
  const server = createServer((socket) => {
    const connection = new RawConnection(socket, 'server')
    connections.push(connection)
    connection.send(greeting)
    // A connection that a test has done with may close at any time.
    serve(connection, connections.length).catch(() => {})
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  afterwards(async () => {
    for (const { socket } of connections) socket.destroy()
    server.close()
  })
  return { url: `grpc://127.0.0.1:${(server.address() as AddressInfo).port}`, connections }
}

/** Waits for the request of a stream to be whole. */
export async function requested(connection: RawConnection, stream: number): Promise<void> {
  await connection.until(() =>
    connection.frames.find(
      (frame) => frame.stream === stream && frame.type === Type.DATA && (frame.flags & Flag.END_STREAM) !== 0,
    ),
  )
}

/** Ends a stream with a status. */
export const trailers = (stream: number, code = 0) => headers(stream, ended(code), { end: true })
