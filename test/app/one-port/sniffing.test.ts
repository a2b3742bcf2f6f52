import { once } from 'node:events'
import { request } from 'node:https'
import { connect as connectTls } from 'node:tls'
import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ca, serverCert, serverKey } from '../../fixtures/certificates.js'
import { binding } from '../../transport/http/fixture.js'
import { bare, CALL, post, serving, session } from './fixture.js'

const PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'
const SETTINGS = '\0\0\0\x04\0\0\0\0\0'
const BODY = '{"note":"n"}'
const REQUEST =
  `POST ${CALL} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\n` +
  `Content-Length: ${BODY.length}\r\n\r\n${BODY}`
const tls = { key: serverKey, cert: serverCert }

/** What came, or the name of the frame that HTTP/2 answers with. */
function shown(received: string): string {
  return received.startsWith('\0\0') && received[3] === '\x04' ? 'SETTINGS' : received
}

/** Sends bytes one by one, each in a segment of its own as far as can be said from here. */
async function drip(socket: { write(chunk: Buffer, sent: () => void): unknown }, text: string): Promise<void> {
  for (const byte of Buffer.from(text, 'latin1')) {
    await new Promise<void>((sent) => socket.write(Buffer.of(byte), sent))
    await new Promise((resolve) => setImmediate(resolve))
  }
}

describe('a connection to a port for everything', () => {
  it.each([
    ['HTTP/1.1', REQUEST, /^HTTP\/1\.1 200 OK\r\n[\s\S]*\{"note":"n"\}$/],
    ['HTTP/2', PREFACE + SETTINGS, /^SETTINGS$/],
  ])('speaks %s, byte by byte', async (_, text, answer) => {
    const { port } = await serving([binding()])
    const { socket, received } = await bare(port)
    socket.setNoDelay(true)
    await drip(socket, text)
    await expect.poll(() => shown(received())).toMatch(answer)
  })

  it('may say all at once', async () => {
    const { port } = await serving([binding()])
    const { socket, received, closed } = await bare(port)
    socket.write(REQUEST)
    await closed
    expect(received()).toMatch(/\{"note":"n"\}$/)
  })

  it('may begin with more than a socket buffers', async () => {
    const { port } = await serving([binding()])
    const { socket, received, closed } = await bare(port)
    const note = 'n'.repeat(3_000_000)
    const body = JSON.stringify({ note })
    socket.write(REQUEST.replace(BODY, body).replace(`: ${BODY.length}`, `: ${body.length}`))
    await closed
    expect(received().endsWith(body)).toBe(true)
  })

  it.each([
    ['nonsense', 'hello\r\n\r\n'],
    ['something like HTTP/2', 'PRI * HTTP/3.0\r\n\r\n'],
    ['TLS', '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03'],
  ])('that speaks %s is answered with 400', async (_, text) => {
    const { port } = await serving([binding()])
    const { socket, received, closed } = await bare(port)
    socket.write(Buffer.from(text, 'latin1'))
    await closed
    expect(received()).toMatch(/^HTTP\/1\.1 400 [\s\S]*"code":3,/)
  })

  it.each(['', 'PRI * HTT'])('that says no more than %j is closed in time', async (text) => {
    const clock = createFakeClock()
    const { port } = await serving([binding()], { clock, http: { headersTimeoutMs: 5000 } })
    const { socket, closed } = await bare(port)
    socket.write(text)
    await expect.poll(() => clock.pending).toBe(1)
    await clock.advance(5000)
    await closed
    expect(clock.pending).toBe(0)
  })

  it.each([
    ['', /^$/],
    ['PRI * HTT', /^HTTP\/1\.1 400 /],
  ])('that ends after %j leaves nothing behind', async (text, answer) => {
    const clock = createFakeClock()
    const { port } = await serving([binding()], { clock })
    const { socket, received, closed } = await bare(port)
    await expect.poll(() => clock.pending).toBe(1)
    socket.end(text)
    await closed
    expect(received()).toMatch(answer)
    await expect.poll(() => clock.pending).toBe(0)
  })

  it('that asks slowly is answered with 408', async () => {
    const { port } = await serving([binding()], { http: { headersTimeoutMs: 50 } })
    const { socket, received, closed } = await bare(port)
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nX-')
    await closed
    expect(received()).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('counts against the one limit, whatever it speaks', async () => {
    const { port, httpUrl } = await serving([binding()], { http: { maxConnections: 2 } })
    const silent = await bare(port)
    const client = session(httpUrl)
    expect(await post(client, BODY)).toMatchObject({ status: 200 })
    const third = await bare(port)
    await third.closed
    silent.socket.destroy()
    expect(await post(client, BODY)).toMatchObject({ status: 200 })
  })
})

describe('a connection over TLS', () => {
  it('speaks what is agreed on', async () => {
    const { port, httpUrl, grpcUrl } = await serving([binding()], { tls })
    expect([httpUrl, grpcUrl]).toEqual([`https://127.0.0.1:${port}`, `grpcs://127.0.0.1:${port}`])
    const client = session(httpUrl, { ca })
    expect(await post(client, BODY)).toMatchObject({ status: 200, text: BODY })
    expect(client.alpnProtocol).toBe('h2')
    const asked = request(httpUrl + CALL, { ca, method: 'POST', headers: { 'content-type': 'application/json' } })
    const [answer] = await once(asked.end(BODY), 'response')
    answer.resume()
    expect([answer.statusCode, answer.httpVersion]).toEqual([200, '1.1'])
  })

  it.each([
    ['HTTP/1.1', REQUEST, /^HTTP\/1\.1 200 OK\r\n/],
    ['HTTP/2', PREFACE + SETTINGS, /^SETTINGS$/],
  ])('speaks %s where nothing was agreed on', async (_, text, answer) => {
    const { port } = await serving([binding()], { tls })
    const socket = connectTls({ port, host: '127.0.0.1', ca })
    onTestFinished(() => void socket.destroy())
    await once(socket, 'secureConnect')
    let received = ''
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1')
    })
    await drip(socket, text)
    await expect.poll(() => shown(received)).toMatch(answer)
  })

  it('that is none is closed, and the server goes on', async () => {
    const { port, httpUrl } = await serving([binding()], { tls })
    const { socket, closed } = await bare(port)
    socket.write(REQUEST)
    await closed
    expect(await post(session(httpUrl, { ca }), BODY)).toMatchObject({ status: 200 })
  })
})
