import { once } from 'node:events'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import type { Http2Stream } from '../../../src/http2/http2.js'
import type { Http2Options } from '../../../src/http2/options.js'
import { SocketClient, SocketServer } from './on-sockets.js'
import { Arrived, requestFields, responseFields, sendAll } from './pair.js'

const open: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function connected(serve: (arrived: Arrived, stream: Http2Stream) => void, options: Partial<Http2Options> = {}) {
  const server = new SocketServer(serve)
  const port = await server.listen()
  open.push(() => server.close())
  const client = await SocketClient.connect(port, options)
  open.push(() => {
    client.socket.destroy()
  })
  return { server, client, port }
}

/** Opens a stream; resolves when it is over. */
function ask(client: SocketClient, endStream = true): { arrived: Arrived; over: Promise<void> } {
  const arrived = new Arrived()
  const over = new Promise<void>((resolve) => {
    arrived.onComplete = resolve
    const end = arrived.onEnd.bind(arrived)
    arrived.onEnd = (how) => {
      end(how)
      resolve()
    }
  })
  arrived.stream = client.connection.request(requestFields, undefined, endStream, arrived)
  return { arrived, over }
}

const answer = (_: Arrived, stream: Http2Stream): void => {
  stream.sendHeaders(responseFields, undefined, false)
  stream.sendPrefixed(0, Buffer.from('hello'), false)
  stream.sendHeaders(['x-trailer', 'yes'], undefined, true)
}

describe('a connection on a socket', () => {
  it('writes what is sent in one tick, by many streams and in their promises, at once', async () => {
    const { server, client } = await connected(async (arrived, stream) => {
      await Promise.resolve()
      answer(arrived, stream)
    })
    await ask(client).over
    const socket = server.sockets[0]!
    let writes = 0
    const write = socket.write.bind(socket)
    socket.write = ((chunk: Uint8Array) => {
      writes += 1
      return write(chunk)
    }) as typeof socket.write
    await Promise.all(Array.from({ length: 50 }, () => ask(client).over))
    expect(writes).toBeLessThanOrEqual(2)
  })

  it('holds content back while the socket takes none', async () => {
    const pieces = Array.from({ length: 200 }, () => Buffer.alloc(100_000))
    let sending: Http2Stream | undefined
    const { client } = await connected((arrived, stream) => {
      sending = stream
      stream.sendHeaders(responseFields, undefined, false)
      sendAll(stream, arrived, pieces)
    })
    const { arrived, over } = ask(client)
    arrived.onHeaders = () => client.socket.pause()
    while (sending === undefined || !client.socket.isPaused()) await new Promise(setImmediate)
    expect(sending.writable).toBe(false)
    client.socket.resume()
    await over
    expect(arrived.size).toBe(200 * 100_005)
  })

  it('says why it ends before its socket does', async () => {
    const { server, client } = await connected(() => {})
    const { arrived, over } = ask(client, false)
    const closed = once(client.socket, 'close')
    await once(server.sockets[0]!, 'data')
    server.connections[0]?.abort(ErrorCode.ENHANCE_YOUR_CALM, 'too_many_pings')
    await over
    await closed
    expect(client.side.said).toContain('goaway 11 too_many_pings')
    expect(arrived.end).toMatchObject({ code: ErrorCode.ENHANCE_YOUR_CALM, connection: true })
    if (!server.sockets[0]?.destroyed) await once(server.sockets[0]!, 'close')
  })

  it('cuts a socket that takes nothing any more, when it ends', async () => {
    const wide = { streamWindowBytes: 60_000_000, maxConnectionWindowBytes: 60_000_000 }
    const { server, client } = await connected((arrived, stream) => {
      stream.sendHeaders(responseFields, undefined, false)
      sendAll(stream, arrived, [Buffer.alloc(50_000_000)])
    }, wide)
    const { arrived } = ask(client)
    arrived.onHeaders = () => client.socket.pause()
    while (!client.socket.isPaused()) await new Promise(setImmediate)
    const [socket] = server.sockets
    let still = 0
    for (let written = 0; still < 100; still = socket?.bytesWritten === written ? still + 1 : 0) {
      written = socket?.bytesWritten ?? 0
      await new Promise(setImmediate)
    }
    expect(socket?.writableNeedDrain).toBe(true)
    const closed = once(socket!, 'close')
    server.connections[0]?.abort(ErrorCode.ENHANCE_YOUR_CALM, 'reads too slowly')
    await closed
    expect(server.connections[0]?.closed).toBe(true)
  })

  it('ends the streams of a socket that is cut', async () => {
    const ends: Arrived[] = []
    const { server, client } = await connected((arrived) => ends.push(arrived))
    ask(client, false)
    while (ends.length === 0) await new Promise(setImmediate)
    const closed = new Promise((resolve) => server.sockets[0]?.once('close', resolve))
    client.socket.resetAndDestroy()
    await closed
    expect(ends[0]?.end).toMatchObject({ remote: true, connection: true })
    expect(server.connections[0]?.closed).toBe(true)
  })

  it('answers what is not HTTP/2 with GOAWAY and its end', async () => {
    const { port } = await connected(() => {})
    const socket = connect(port, '127.0.0.1')
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n')
    await once(socket, 'close')
    expect(Buffer.concat(chunks).toString('latin1')).toContain('this is not HTTP/2')
  })

  it('serves many connections', async () => {
    const { port, client } = await connected(answer)
    const clients = [client, ...(await Promise.all(Array.from({ length: 20 }, () => SocketClient.connect(port))))]
    open.push(() => {
      for (const { socket } of clients) socket.destroy()
    })
    const all = clients.map((one) => ask(one))
    await Promise.all(all.map(({ over }) => over))
    expect(all.map(({ arrived }) => arrived.text)).toEqual(clients.map(() => '\0\0\0\0\x05hello'))
  })
})
