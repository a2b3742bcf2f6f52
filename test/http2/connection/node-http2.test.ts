import { once } from 'node:events'
import * as http2 from 'node:http2'
import type { AddressInfo, Socket } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { ErrorCode } from '../../../src/http2/error-code.js'
import type { Http2Stream } from '../../../src/http2/http2.js'
import { SocketClient, SocketServer } from './on-sockets.js'
import { Arrived, requestFields, responseFields, sendAll } from './pair.js'

const open: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, at) => (at * 31 + (at >> 9)) & 0xff))
const pieces = Array.from({ length: 30 }, (_, at) => content.subarray(at * 100_000, (at + 1) * 100_000))

/** A server of ours, and a client of Node's. */
async function served(serve: (arrived: Arrived, stream: Http2Stream) => void, options = {}) {
  const server = new SocketServer(serve, options)
  const port = await server.listen()
  open.push(() => server.close())
  const session = http2.connect(`http://127.0.0.1:${port}`)
  session.on('error', () => {})
  open.push(() => session.destroy())
  return { server, session }
}

/** What a stream of Node's got: headers, content, trailers. */
async function received(stream: http2.ClientHttp2Stream) {
  let headers: http2.IncomingHttpHeaders = {}
  let trailers: http2.IncomingHttpHeaders = {}
  stream.on('response', (got) => {
    headers = got
  })
  stream.on('trailers', (got) => {
    trailers = got
  })
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk as Buffer)
  return { headers, trailers, body: Buffer.concat(chunks) }
}

/** Sends back what came, and trailers. */
const echo = (arrived: Arrived, stream: Http2Stream): void => {
  const answer = (): void => {
    stream.sendHeaders(responseFields, ['x-size', `${arrived.size}`], false)
    stream.sendData(Buffer.concat(arrived.bytes), false)
    stream.sendHeaders(['x-trailer', 'yes'], undefined, true)
  }
  if (arrived.complete) answer()
  else arrived.onComplete = answer
}

describe('a client of Node', () => {
  it('gets headers, content and trailers', async () => {
    const { session } = await served(echo)
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    stream.end('hello')
    const { headers, trailers, body } = await received(stream)
    expect(headers[':status']).toBe(200)
    expect(headers['x-size']).toBe('5')
    expect(body.toString()).toBe('hello')
    expect(trailers['x-trailer']).toBe('yes')
  })

  it('gets back what it sends, far beyond every window', async () => {
    const { session } = await served(echo)
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    stream.end(content)
    const { body } = await received(stream)
    expect(body.equals(content)).toBe(true)
  })

  it('can hold back a server that sends more than it reads', async () => {
    let sending: Http2Stream | undefined
    const { session } = await served((arrived, stream) => {
      sending = stream
      stream.sendHeaders(responseFields, undefined, false)
      sendAll(stream, arrived, pieces)
    })
    const stream = session.request({ ':path': '/' })
    await once(stream, 'response')
    expect(sending?.writable).toBe(false)
    const { body } = await received(stream)
    expect(body.length).toBe(content.length + 5 * pieces.length)
  })

  it('is served many streams at a time, with headers that repeat and headers that do not', async () => {
    const { session } = await served(echo)
    const asked = Array.from({ length: 500 }, (_, at) => {
      const stream = session.request({ ':method': 'POST', ':path': `/${at % 7}`, 'x-number': `${at}` })
      stream.end(`body ${at}`)
      return received(stream)
    })
    const bodies = (await Promise.all(asked)).map(({ body }) => body.toString())
    expect(bodies).toEqual(asked.map((_, at) => `body ${at}`))
  })

  it('is told of a header block that is too large with 431, and is served on', async () => {
    const { session } = await served(echo)
    const refused = session.request({ ':path': '/', 'x-long': 'y'.repeat(20_000) })
    expect((await received(refused)).headers[':status']).toBe(431)
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    stream.end('still here')
    expect((await received(stream)).body.toString()).toBe('still here')
  })

  it('cancels a stream', async () => {
    const arrivals: Arrived[] = []
    const { session } = await served((arrived) => arrivals.push(arrived))
    const stream = session.request({ ':method': 'POST', ':path': '/' })
    stream.write('part')
    const cancelled = new Promise<void>((resolve) => {
      const check = setInterval(() => {
        if (arrivals[0] === undefined || arrivals[0].size === 0) return
        stream.close(http2.constants.NGHTTP2_CANCEL)
        if (arrivals[0].end === undefined) return
        clearInterval(check)
        resolve()
      }, 5)
    })
    await cancelled
    expect(arrivals[0]?.end).toMatchObject({ code: ErrorCode.CANCEL, remote: true })
  })

  it('pings, and is asked to leave without losing a call', async () => {
    const waiting: Http2Stream[] = []
    const { server, session } = await served((_, stream) => waiting.push(stream))
    await once(session, 'connect')
    await new Promise<void>((resolve, reject) => session.ping((error) => (error ? reject(error) : resolve())))
    const stream = session.request({ ':path': '/' })
    const response = received(stream)
    await new Promise<void>((resolve) => session.ping(() => resolve()))
    const closed = once(session, 'close')
    server.connections[0]?.shutDown()
    await once(session, 'goaway')
    for (const one of waiting) one.sendHeaders(responseFields, undefined, true)
    expect((await response).headers[':status']).toBe(200)
    await closed
    expect(server.connections[0]?.closed).toBe(true)
    expect(server.sides[0]?.error).toBeUndefined()
  })
})

/** A server of Node's, and a client of ours. */
async function asking(serve: (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void) {
  const server = http2.createServer()
  const sessions: http2.ServerHttp2Session[] = []
  const sockets: Socket[] = []
  server.on('connection', (socket) => sockets.push(socket))
  server.on('session', (session) => sessions.push(session))
  server.on('stream', serve)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  open.push(async () => {
    for (const session of sessions) session.destroy()
    server.close()
    await once(server, 'close')
  })
  const client = await SocketClient.connect((server.address() as AddressInfo).port)
  open.push(() => {
    client.socket.destroy()
  })
  return { client, sessions, sockets }
}

/** Asks for `/echo`, and waits for the end. */
function ask(client: SocketClient, send: (stream: Http2Stream, arrived: Arrived) => void): Promise<Arrived> {
  return new Promise((resolve) => {
    const arrived = new Arrived()
    arrived.onComplete = () => resolve(arrived)
    const end = arrived.onEnd.bind(arrived)
    arrived.onEnd = (how) => {
      end(how)
      resolve(arrived)
    }
    arrived.stream = client.connection.request(requestFields, undefined, false, arrived)
    send(arrived.stream, arrived)
  })
}

/** Sends back what came, with trailers. */
const nodeEcho = (stream: http2.ServerHttp2Stream): void => {
  stream.on('error', () => {})
  stream.respond({ ':status': 200 }, { waitForTrailers: true })
  stream.on('wantTrailers', () => stream.sendTrailers({ 'x-trailer': 'yes' }))
  stream.pipe(stream)
}

describe('a server of Node', () => {
  it('gives headers, content and trailers', async () => {
    const { client } = await asking(nodeEcho)
    const arrived = await ask(client, (stream) => stream.sendData(Buffer.from('hello'), true))
    expect(arrived.blocks[0]?.slice(0, 2)).toEqual([':status', '200'])
    expect(arrived.text).toBe('hello')
    expect(arrived.trailers).toEqual(['x-trailer', 'yes'])
  })

  it('gives back what it is sent, far beyond every window', async () => {
    const { client } = await asking(nodeEcho)
    const arrived = await ask(client, (stream, got) => sendAll(stream, got, pieces))
    const body = Buffer.concat(arrived.bytes)
    expect(body.length).toBe(content.length + 5 * pieces.length)
    expect(body.subarray(5, 100_005).equals(content.subarray(0, 100_000))).toBe(true)
  })

  it('serves many streams at a time', async () => {
    const { client } = await asking(nodeEcho)
    const asked = Array.from({ length: 100 }, (_, at) =>
      ask(client, (stream) => stream.sendData(Buffer.from(`body ${at}`), true)),
    )
    expect((await Promise.all(asked)).map(({ text }) => text)).toEqual(asked.map((_, at) => `body ${at}`))
  })

  it('sends informational blocks first', async () => {
    const { client } = await asking((stream) => {
      stream.additionalHeaders({ ':status': 103, link: '</style.css>' })
      stream.respond({ ':status': 204 }, { endStream: true })
    })
    const arrived = await ask(client, (stream) => stream.sendData(Buffer.alloc(0), true))
    expect(arrived.blocks.map((fields) => fields[1])).toEqual(['103', '204'])
  })

  it('resets a stream', async () => {
    const { client } = await asking((stream) => {
      stream.on('error', () => {})
      stream.close(http2.constants.NGHTTP2_ENHANCE_YOUR_CALM)
    })
    const arrived = await ask(client, () => {})
    expect(arrived.end).toMatchObject({ code: ErrorCode.ENHANCE_YOUR_CALM, remote: true })
  })

  it('leaves, and streams that are open go on', async () => {
    const { client, sessions } = await asking((stream) => {
      stream.respond({ ':status': 200 })
      stream.on('data', () => {})
      stream.on('end', () => stream.end('done'))
    })
    const closed = once(client.socket, 'close')
    const arrived = await ask(client, (stream, got) => {
      got.onHeaders = () => {
        sessions[0]?.close()
        stream.sendData(Buffer.from('rest'), true)
      }
    })
    expect(arrived.text).toBe('done')
    await closed
    expect(client.connection.closed).toBe(true)
    expect(client.connection.capacity).toBe(0)
  })

  it('breaks, and streams that are open end', async () => {
    const { client, sockets } = await asking((stream) => {
      stream.on('error', () => {})
      stream.respond({ ':status': 200 })
    })
    const arrived = await ask(client, (_, got) => {
      got.onHeaders = () => sockets[0]?.resetAndDestroy()
    })
    expect(arrived.end).toMatchObject({ remote: true, connection: true })
    expect(client.side.error).toBeInstanceOf(Error)
  })
})
