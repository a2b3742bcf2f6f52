import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { describe, expect, it, onTestFinished } from 'vitest'
import { endInOneWrite } from '../../../../src/transport/http/reply/one-write.js'

/** What comes of requests on one connection, a character for each byte. */
async function answers(requests: string, answer: (response: ServerResponse) => void): Promise<string> {
  const server = createServer((_, response) => answer(response)).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => void server.close())
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1')
  socket.write(requests)
  return (await buffer(socket)).toString('latin1')
}

const request = (method: string, more = ''): string => `${method} / HTTP/1.1\r\nHost: x\r\n${more}\r\n`
const last = (method = 'GET'): string => request(method, 'Connection: close\r\n')

/** Ends a response, and says how. */
function end(response: ServerResponse, body: string | Uint8Array, headers: string[] = []): boolean {
  response.writeHead(200, ['Content-Length', String(Buffer.byteLength(body)), ...headers])
  return endInOneWrite(response, body)
}

const bodyOf = (answer: string): Buffer => Buffer.from(answer.slice(answer.indexOf('\r\n\r\n') + 4), 'latin1')

describe('a response in one write', () => {
  it.each([
    ['nothing', ''],
    ['ASCII', '{"a":1}'],
    ['other text', 'añ€😀'],
    ['every byte', Uint8Array.from({ length: 256 }, (_, byte) => byte)],
    ['a part of a buffer', new Uint8Array(Buffer.from('abcdef')).subarray(2, 4)],
    ['text of 16 thousand bytes', 'x'.repeat(16_000)],
    ['text of more bytes than characters', 'ñ'.repeat(15_000)],
  ])('has its body as it is: %s', async (_, body) => {
    let atOnce: boolean | undefined
    const answer = await answers(last(), (response) => {
      atOnce = end(response, body)
    })
    expect(atOnce).toBe(true)
    expect(answer).toMatch(/^HTTP\/1\.1 200 OK\r\nContent-Length: \d+\r\nDate: /)
    expect(bodyOf(answer)).toEqual(Buffer.from(body))
  })

  it('keeps its place among others of the connection', async () => {
    let count = 0
    const held: (() => void)[] = []
    const answer = await answers(request('GET') + request('GET') + last(), (response) => {
      const body = `answer ${++count}`
      // The first is the last to be made.
      if (body === 'answer 1') held.push(() => end(response, body))
      else expect(end(response, body)).toBe(true)
      if (body === 'answer 3') for (const one of held) one()
    })
    expect(answer.match(/answer \d/g)).toEqual(['answer 1', 'answer 2', 'answer 3'])
    expect(answer.match(/HTTP\/1\.1 200/g)).toHaveLength(3)
  })

  it.each<[string, string, (response: ServerResponse) => boolean]>([
    ['to HEAD', last('HEAD'), (response) => end(response, 'body')],
    ['that is longer', last(), (response) => end(response, 'x'.repeat(20_000))],
    ['in chunks', last(), (response) => endInOneWrite(response.writeHead(200, {}), 'body')],
    ['without a head', last(), (response) => endInOneWrite(response, 'body')],
    [
      'whose head has left',
      last(),
      (response) => {
        response.flushHeaders()
        return endInOneWrite(response, 'body')
      },
    ],
  ])('is not made of one %s', async (_, asked, answer) => {
    let atOnce: boolean | undefined
    const text = await answers(asked, (response) => {
      atOnce = answer(response)
      response.end('otherwise')
    })
    expect(atOnce).toBe(false)
    expect(text.startsWith('HTTP/1.1 200')).toBe(true)
  })
})
