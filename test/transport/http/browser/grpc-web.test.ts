import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'
import { bindings, type Handler } from './contract.js'
import { starting } from './fixture.js'
import { bomb, frame, frames, proto, type RawAnswer, type RawRequest, send } from './raw.js'

const repeat: Handler = (requests) => requests
const LIMIT = 1000
const message = frame(0, proto('Ada'))
const WEB = 'application/grpc-web+proto'
const TEXT = 'application/grpc-web-text+proto'

interface Case extends RawRequest {
  /** Name of the method. */
  readonly to?: string
  readonly type?: string
}

async function ask({ to = 'Say', type = WEB, headers, ...rest }: Case): Promise<RawAnswer> {
  const { url } = await starting('http()', bindings(repeat), { maxBodyBytes: LIMIT })
  return send(url, { path: `/web.v1.Web/${to}`, headers: { 'content-type': type, ...headers }, ...rest })
}

/** The status of an answer: from its headers, or from its last frame. */
function statusOf({ status, headers, body }: RawAnswer): string {
  if (status !== 200) return `HTTP ${status} ${headers.allow ?? headers['accept-post'] ?? ''}`
  const text = (name: string): unknown => headers[name] ?? ''
  if (headers['grpc-status'] !== undefined) return `${text('grpc-status')} ${decodeURI(`${text('grpc-message')}`)}`
  const found = frames(body).map(([flags, content]) => `${flags}:${content.toString('latin1')}`)
  return found.join(' ').trim()
}

const types =
  'application/grpc-web, application/grpc-web+proto, application/grpc-web+json, application/grpc-web-text, application/grpc-web-text+proto'
const ok = '0:\n\x03Ada 128:grpc-status: 0'

const cases: Readonly<Record<string, readonly [Case, string]>> = {
  'a message': [{ body: message }, ok],
  'a type without a format': [{ type: 'application/grpc-web', body: message }, ok],
  'a type in capitals with a parameter': [{ type: 'Application/GRPC-Web; charset=UTF-8', body: message }, ok],
  JSON: [
    { type: 'application/grpc-web+json', body: frame(0, '{"text":"Ada"}') },
    '0:{"text":"Ada"} 128:grpc-status: 0',
  ],
  'an empty message': [{ body: frame(0, '') }, '0: 128:grpc-status: 0'],
  'a message compressed': [{ headers: { 'grpc-encoding': 'gzip' }, body: frame(1, gzipSync(proto('Ada'))) }, ok],
  'a body compressed': [{ headers: { 'content-encoding': 'gzip' }, body: gzipSync(message) }, ok],
  GET: [{ method: 'GET' }, 'HTTP 405 POST'],
  PUT: [{ method: 'PUT', body: message }, 'HTTP 405 POST'],
  'a format that nobody knows': [{ type: 'application/grpc-web+thrift', body: message }, `HTTP 415 ${types}`],
  'a character set': [{ type: 'application/grpc-web; charset=latin1', body: message }, `HTTP 415 ${types}`],
  'a method that is not there': [{ to: 'Absent', body: message }, '12 nothing is at POST /web.v1.Web/Absent'],
  'a stream of requests': [
    { to: 'Join', body: message },
    '12 /web.v1.Web/Join streams its requests, which gRPC-Web cannot carry',
  ],
  'streams both ways': [
    { to: 'Chat', body: message },
    '12 /web.v1.Web/Chat streams its requests, which gRPC-Web cannot carry',
  ],
  'no message': [{ body: '' }, '12 no request message came'],
  'two messages': [{ body: Buffer.concat([message, message]) }, '12 more than one request message came'],
  'a prefix that is cut off': [{ body: message.subarray(0, 3) }, '13 the stream ended within a message'],
  'a message that is cut off': [{ body: message.subarray(0, 7) }, '13 the stream ended within a message'],
  'bytes behind the message': [
    { body: Buffer.concat([message, Buffer.from([0])]) },
    '13 the stream ended within a message',
  ],
  trailers: [{ body: frame(0x80, 'a: b\r\n') }, '13 a message has flags that gRPC-Web does not know'],
  'unknown flags': [{ body: frame(2, proto('Ada')) }, '13 a message has flags that gRPC-Web does not know'],
  'a compressed message without an encoding': [
    { body: frame(1, gzipSync(proto('Ada'))) },
    '13 a message is compressed, but no encoding was named',
  ],
  'an encoding that nobody knows': [
    { headers: { 'grpc-encoding': 'snappy' }, body: message },
    '12 messages in the encoding snappy cannot be read',
  ],
  'a body in an encoding that nobody knows': [
    { headers: { 'content-encoding': 'br' }, body: message },
    '12 messages in the encoding br cannot be read',
  ],
  'a body that is not gzip': [{ headers: { 'content-encoding': 'gzip' }, body: message }, '13 the request is not gzip'],
  'a message that is not gzip': [
    { headers: { 'grpc-encoding': 'gzip' }, body: frame(1, 'no') },
    '13 a message cannot be decompressed',
  ],
  'a message that unpacks to too much': [
    { headers: { 'grpc-encoding': 'gzip' }, body: frame(1, bomb.subarray(0, 900)) },
    '8 a message is larger than the 1000 bytes that are accepted',
  ],
  'a body that unpacks to too much': [
    { headers: { 'content-encoding': 'gzip' }, body: gzipSync(frame(0, Buffer.alloc(1_000_000))) },
    '8 a message is larger than the 1000 bytes that are accepted',
  ],
  'a length over the limit, before its bytes': [
    { body: frame(0, '', 0xffffffff), open: true },
    '8 a message is larger than the 1000 bytes that are accepted',
  ],
  'bytes that are no message': [
    { body: frame(0, Buffer.from([0xff])) },
    expect.stringMatching(/^13 cannot decode web\.v1\.Echo/) as unknown as string,
  ],
  'JSON that does not fit': [
    { type: 'application/grpc-web+json', body: frame(0, '{"text":1}') },
    expect.stringMatching(/^3 .*text/) as unknown as string,
  ],
  'a time-out without a unit': [{ headers: { 'grpc-timeout': '5' }, body: message }, '13 grpc-timeout 5 is malformed'],
  'a time-out of nine digits': [
    { headers: { 'grpc-timeout': '123456789m' }, body: message },
    '13 grpc-timeout 123456789m is malformed',
  ],
  'a time-out that is over': [{ headers: { 'grpc-timeout': '0m' }, body: message }, '4 the deadline passed'],
}

it.each(Object.entries(cases))('%s gets its exact answer', async (_, [request, expected]) => {
  expect(statusOf(await ask(request))).toEqual(expected)
})

/** The answer in text, taken out of it. */
async function askText(body: string, headers = {}): Promise<string> {
  const answer = await ask({ type: TEXT, body, headers })
  if (!String(answer.headers['content-type']).includes('-text')) return statusOf(answer)
  const groups = answer.body.toString().match(/[A-Za-z0-9+/]+={0,2}/g) ?? []
  return statusOf({ ...answer, body: Buffer.concat(groups.map((group) => Buffer.from(group, 'base64'))) })
}

const base64 = (bytes: Buffer): string => bytes.toString('base64')

it.each([
  ['in one piece', base64(message), ok],
  [
    'in pieces with padding of their own',
    [0, 1, 3, 8].map((at, n, all) => base64(message.subarray(at, all[n + 1]))).join(''),
    ok,
  ],
  ['cut within a group', base64(message).slice(0, 5), '13 the request ends within a group of base64'],
  ['with a character of another alphabet', 'AAAA_A==', '13 the request is not base64'],
  ['with a space', 'AA A', '13 the request is not base64'],
  ['with padding where none can be', 'A===', '13 the request is not base64'],
  ['with padding at the front', '=AAA', '13 the request is not base64'],
  ['with half a message', base64(message.subarray(0, 6)), '13 the stream ended within a message'],
  ['that is empty', '', '12 no request message came'],
])('text %s gets its exact answer', async (_, body, expected) => {
  expect(await askText(body)).toBe(expected)
})

it('text comes for who accepts it, bytes for who accepts those, else what was sent', async () => {
  const typeOf = async (type: string, accept: string, body: string | Buffer) => {
    const { headers } = await ask({ type, headers: { accept }, body })
    return headers['content-type']
  }
  expect(await typeOf(WEB, 'application/grpc-web-text', message)).toBe('application/grpc-web-text+proto')
  expect(await typeOf(TEXT, 'application/grpc-web+proto', base64(message))).toBe('application/grpc-web+proto')
  expect(await typeOf(TEXT, '*/*', base64(message))).toBe('application/grpc-web-text+proto')
  expect(await typeOf('application/grpc-web', '*/*', message)).toBe('application/grpc-web')
})

it('a stream of text is flushed message by message, each padded', async () => {
  const { body } = await ask({ to: 'List', type: TEXT, body: base64(message) })
  const trailers = frame(0x80, 'grpc-status: 0\r\n')
  expect(body.toString()).toBe(base64(message) + base64(trailers))
})

it('messages are compressed for who accepts that, from 1 KiB on', async () => {
  const { url } = await starting('http()', bindings(repeat), { compression: true })
  const body = frame(0, `{"text":"${'x'.repeat(2000)}"}`)
  const headers = { 'content-type': 'application/grpc-web+json', 'grpc-accept-encoding': 'gzip' }
  const answer = await send(url, { path: '/web.v1.Web/Say', headers, body })
  expect(answer.headers['grpc-encoding']).toBe('gzip')
  expect(frames(answer.body).map(([flags]) => flags)).toEqual([1, 0x80])
  const plain = await send(url, { path: '/web.v1.Web/Say', headers, body: frame(0, '{}') })
  expect(frames(plain.body).map(([flags]) => flags)).toEqual([0, 0x80])
})
