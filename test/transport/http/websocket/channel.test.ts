import { createServer } from 'node:net'
import type { Endpoint } from 'tierkit/endpoint'
import { outgoingContext } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { httpChannel } from 'tierkit/transport/http'
import { expect, it, onTestFinished } from 'vitest'
import { WebSocketServer } from 'ws'
import { ca, serverCert, serverKey } from '../../../fixtures/certificates.js'
import { binding, gate, type Order, orderMethod, serverWith } from '../fixture.js'

const method = orderMethod({ kind: 'bidi_stream' })
const echo: Endpoint = async (requests) => requests

async function* notes(...texts: string[]): AsyncGenerator<Order> {
  for (const note of texts) yield { note }
}

/** Calls, and gives all responses. */
async function call(url: string, options: Parameters<typeof httpChannel>[1] = {}): Promise<unknown[]> {
  const channel = httpChannel(url, options)
  onTestFinished(() => channel.close())
  const responses = await channel.endpoint(method)(notes('a', 'b'), outgoingContext(method))
  const seen: unknown[] = []
  for await (const { note } of responses as AsyncIterable<Order>) seen.push(note)
  return seen
}

it('a channel calls over TLS too', async () => {
  const tls = { key: serverKey, cert: serverCert }
  const { url } = await serverWith([binding({ kind: 'bidi_stream' }, echo)], { tls })
  expect(await call(url, { tls: { ca } })).toEqual(['a', 'b'])
  await expect(call(url)).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
})

it('a call that is refused in front of its handler fails with what the server says', async () => {
  const { url } = await serverWith([
    binding({ kind: 'bidi_stream' }, async () => {
      throw new RpcError(Code.PERMISSION_DENIED, 'not you')
    }),
  ])
  await expect(call(url)).rejects.toMatchObject({ code: Code.PERMISSION_DENIED, rawMessage: 'not you' })
})

it('a server that is not there was never sent anything', async () => {
  await expect(call('http://127.0.0.1:1')).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
})

it('a server that closes without a word may have been', async () => {
  const server = createServer((socket) => void socket.once('data', () => socket.destroy())).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await expect(call(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ code: Code.UNAVAILABLE, neverSent: false })
})

it.each([
  ['no JSON', '{', Code.INTERNAL],
  ['a frame that is null', 'null', Code.INTERNAL],
  ['a frame that is no object', '[]', Code.INTERNAL],
  ['a response that does not fit', '{"result":{"total":"x"}}', Code.INTERNAL],
  ['an error that is none', '{"error":7}', Code.INTERNAL],
  ['an error', '{"error":{"code":10,"message":"enough"}}', Code.ABORTED],
  ['a response that is too long', `{"result":{"note":"${'b'.repeat(2000)}"}}`, Code.RESOURCE_EXHAUSTED],
  ['nothing, and closes', undefined, Code.UNAVAILABLE],
])('a server that sends %s fails the call', async (_, frame, code) => {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  server.on('connection', (socket) => {
    if (frame === undefined) socket.close(1011)
    else socket.send(frame)
  })
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await expect(call(`http://127.0.0.1:${port}`, { maxResponseBytes: 1000 })).rejects.toMatchObject({ code })
})

/** A server that sends frames to each who comes, and nothing else; resolves with its URL and the end of its first socket. */
async function serverOf(...frames: string[]) {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' })
  const closed = gate<number>()
  onTestFinished(() => {
    for (const client of server.clients) client.terminate()
    server.close()
  })
  server.on('connection', (socket) => {
    socket.on('close', closed.open)
    for (const frame of frames) socket.send(frame)
  })
  await new Promise((resolve) => server.once('listening', resolve))
  return { url: `http://127.0.0.1:${(server.address() as { port: number }).port}`, closed: closed.passed }
}

it('a channel closes the WebSocket of a call that failed, even if the server does not', async () => {
  const { url, closed } = await serverOf('{"error":{"code":10,"message":"enough"}}')
  await expect(call(url)).rejects.toMatchObject({ code: Code.ABORTED })
  expect(await closed).toBe(1005)
})

it.each([
  ['takes nothing for a response that comes behind the end', ['{"end":{}}', '{"result":{"note":"late"}}'], []],
  ['ends with a frame that has a response too', ['{"result":{"note":"last"},"end":{}}'], ['last']],
  ['takes no notice of frames that it does not know', ['{"later":{}}', '{"goaway":{}}', '{"end":{}}'], []],
])('a call over a WebSocket %s', async (_, frames, notes) => {
  const { url } = await serverOf(...frames)
  expect(await call(url)).toEqual(notes)
})

// More than is read at once, so that it is cut somewhere; within a character in one of the two.
it.each(['', 'x'])('a refusal is read whole, wherever the network cuts it: row %#', async (first) => {
  const message = first + 'é'.repeat(32_700)
  const body = JSON.stringify({ code: 7, message })
  const head = `HTTP/1.1 403 Forbidden\r\nX: ${'y'.repeat(1000)}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.end(head + body))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as { port: number }
  await expect(call(`http://127.0.0.1:${port}`)).rejects.toMatchObject({ rawMessage: message })
})
