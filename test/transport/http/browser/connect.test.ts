import { gunzipSync, gzipSync } from 'node:zlib'
import { Code, RpcError } from 'tierkit'
import { describe, expect, it } from 'vitest'
import { bindings, type Handler } from './contract.js'
import { starting } from './fixture.js'
import { bomb, frame, frames, proto, type RawAnswer, type RawRequest, send } from './raw.js'

const repeat: Handler = (requests) => requests
const LIMIT = 1000
const V1 = { 'connect-protocol-version': '1' }
const JSON_TYPE = { 'content-type': 'application/json' }
const PROTO = { 'content-type': 'application/proto' }
const STREAM = { 'content-type': 'application/connect+json' }

interface Case extends RawRequest {
  /** Name of the method, with the query if there is one. */
  readonly to?: string
}

async function ask({ to = 'Say', ...rest }: Case, handler = repeat): Promise<RawAnswer> {
  const { url } = await starting('http()', bindings(handler), { maxBodyBytes: LIMIT })
  return send(url, { path: `/web.v1.Web/${to}`, ...rest })
}

/** Status, what is allowed, and content of an answer. */
function seen({ status, headers, body }: RawAnswer): string {
  const allowed = headers.allow ?? headers['accept-post']
  return [status, allowed, body.toString('latin1')].filter((part) => part !== undefined).join(' ')
}

const error = (code: string, message: string): string => JSON.stringify({ code, message })
const post = (headers: Record<string, string>, body: string | Buffer, to = 'Say'): Case => ({ to, headers, body })
const json = (body: string | Buffer, headers: Record<string, string> = {}): Case =>
  post({ ...JSON_TYPE, ...V1, ...headers }, body)
const get = (query: string, headers = {}): Case => ({ method: 'GET', to: `Look?${query}`, headers })
const wrongTypes = (types: string, path: string) =>
  `415 ${types} ${error('invalid_argument', `the Content-Type is none of ${types}, as ${path} takes over Connect`)}`
const unaryTypes = wrongTypes('application/json, application/proto', '/web.v1.Web/Say')
const streamTypes = wrongTypes('application/connect+json, application/connect+proto', '/web.v1.Web/List')
const wrongMethod = (allow: string): string =>
  `405 ${allow} ${error('unimplemented', 'the HTTP method is not allowed here')}`
const ADA = '200 {"text":"Ada"}'
const ada = encodeURIComponent('{"text":"Ada"}')

const unary: Readonly<Record<string, readonly [Case, string]>> = {
  'JSON with the version': [json('{"text":"Ada"}'), ADA],
  'JSON in UTF-8, said so': [json('{"text":"Ada"}', { 'content-type': 'application/json; charset=utf-8' }), ADA],
  'JSON that is compressed': [json(gzipSync('{"text":"Ada"}'), { 'content-encoding': 'gzip' }), ADA],
  'protobuf without the version': [post(PROTO, proto('Ada')), '200 \n\x03Ada'],
  'protobuf of no bytes': [post(PROTO, ''), '200 '],
  'no bytes that are said to be compressed': [post({ ...PROTO, 'content-encoding': 'gzip' }, ''), '200 '],
  PUT: [{ ...json('{}'), method: 'PUT' }, wrongMethod('POST')],
  'GET of a method with side effects': [
    { method: 'GET', to: `Say?connect=v1&encoding=json&message=${ada}` },
    wrongMethod('POST'),
  ],
  'DELETE of a method without': [{ ...json('{}'), to: 'Look', method: 'DELETE' }, wrongMethod('GET, HEAD, POST')],
  'GET of a stream': [{ method: 'GET', to: `List?connect=v1&encoding=json&message=${ada}` }, wrongMethod('POST')],
  'a version that nobody knows': [
    json('{}', { 'connect-protocol-version': '2' }),
    `400 ${error('invalid_argument', 'Connect-Protocol-Version is "2", but only 1 is known here')}`,
  ],
  'a format that nobody knows': [post({ ...V1, 'content-type': 'application/xml' }, '<a/>'), unaryTypes],
  'no content type': [post(V1, '{}'), unaryTypes],
  'another character set': [json('{}', { 'content-type': 'application/json; charset=latin1' }), unaryTypes],
  'a stream to a unary method': [post(STREAM, frame(0, '{}')), unaryTypes],
  'JSON to a method that streams': [post({ ...JSON_TYPE, ...V1 }, '{}', 'List'), streamTypes],
  'protobuf to a method that streams': [post(PROTO, '', 'List'), streamTypes],
  'what is not JSON': [
    json('{"text":'),
    expect.stringMatching(/^400 \{"code":"invalid_argument","message":"the request is not JSON: /) as unknown as string,
  ],
  'JSON of no bytes': [json(''), `400 ${error('invalid_argument', 'an empty message is not JSON')}`],
  'JSON that is not UTF-8': [
    json(Buffer.from([0x22, 0xff, 0x22])),
    `400 ${error('invalid_argument', 'the request is not UTF-8')}`,
  ],
  'JSON that does not fit': [
    json('{"number":"x"}'),
    expect.stringMatching(
      /^400 \{"code":"invalid_argument",.*google\.rpc\.BadRequest.*"field":"number"/,
    ) as unknown as string,
  ],
  'bytes that are no message': [
    post(PROTO, Buffer.from([0xff])),
    expect.stringMatching(/^400 \{"code":"invalid_argument","message":"cannot decode web/) as unknown as string,
  ],
  'an encoding that nobody knows': [
    json('{}', { 'content-encoding': 'br' }),
    `501 ${error('unimplemented', 'the encoding "br" is not known here; those that are: gzip, identity')}`,
  ],
  'what is not gzip': [
    json('{}', { 'content-encoding': 'gzip' }),
    `400 ${error('invalid_argument', 'a message cannot be decompressed')}`,
  ],
  'what unpacks to too much': [
    json(bomb.subarray(0, 900), { 'content-encoding': 'gzip' }),
    `429 ${error('resource_exhausted', 'a message is larger than the 1000 bytes that are accepted')}`,
  ],
  'a length over the limit, before its bytes': [
    { ...json('{', { 'content-length': '1001' }), open: true },
    `429 ${error('resource_exhausted', 'the request is longer than 1000 bytes')}`,
  ],
  'bytes over the limit, without a length': [
    { ...json('x'.repeat(1001)), open: true },
    `429 ${error('resource_exhausted', 'the request is longer than 1000 bytes')}`,
  ],
  'a time-out that is no number': [
    json('{}', { 'connect-timeout-ms': '5s' }),
    `400 ${error('invalid_argument', 'Connect-Timeout-Ms is not one to ten digits')}`,
  ],
  'a time-out of eleven digits': [
    json('{}', { 'connect-timeout-ms': '12345678901' }),
    `400 ${error('invalid_argument', 'Connect-Timeout-Ms is not one to ten digits')}`,
  ],
  'a time-out of ten digits': [json('{"text":"Ada"}', { 'connect-timeout-ms': '9999999999' }), ADA],
  'a time-out that is over': [
    json('{}', { 'connect-timeout-ms': '0' }),
    `504 ${error('deadline_exceeded', 'the deadline passed')}`,
  ],
  'a method that is not there': [
    { ...json('{}'), to: 'Absent' },
    `501 ${error('unimplemented', 'nothing is at POST /web.v1.Web/Absent')}`,
  ],
}

const byGet: Readonly<Record<string, readonly [Case, string]>> = {
  JSON: [get(`connect=v1&encoding=json&message=${ada}`), ADA],
  'JSON in another order, with what nobody knows': [get(`message=${ada}&x=1&encoding=json&connect=v1`), ADA],
  'JSON with plus signs for spaces': [
    get('connect=v1&encoding=json&message={+"text":+"Ada"}'.replaceAll('"', '%22')),
    ADA,
  ],
  'protobuf in base64 for URLs': [get('connect=v1&encoding=proto&base64=1&message=CgNBZGE'), '200 \n\x03Ada'],
  'protobuf in base64 with padding': [get('connect=v1&encoding=proto&base64=1&message=CgJBZA%3D%3D'), '200 \n\x02Ad'],
  'a compressed message': [
    get(
      `connect=v1&encoding=json&compression=gzip&base64=1&message=${gzipSync('{"text":"Ada"}').toString('base64url')}`,
    ),
    ADA,
  ],
  'no message of protobuf': [get('connect=v1&encoding=proto&message='), '200 '],
  'another version': [
    get(`connect=v2&encoding=json&message=${ada}`),
    `400 ${error('invalid_argument', 'connect is "v2", but only v1 is known here')}`,
  ],
  'no message': [get('connect=v1&encoding=json'), `400 ${error('invalid_argument', 'the query has no message')}`],
  'no encoding': [get(`connect=v1&message=${ada}`), `400 ${error('invalid_argument', 'the query has no encoding')}`],
  'a message twice': [
    get('connect=v1&encoding=json&message=1&message=2'),
    `400 ${error('invalid_argument', 'the query has message twice')}`,
  ],
  'a format that nobody knows': [get(`connect=v1&encoding=xml&message=${ada}`), unaryTypes.replace('/Say', '/Look')],
  'a compression that nobody knows': [
    get(`connect=v1&encoding=json&compression=br&message=${ada}`),
    `501 ${error('unimplemented', 'the encoding "br" is not known here; those that are: gzip, identity')}`,
  ],
  'what is not base64': [
    get('connect=v1&encoding=json&base64=1&message=a*b'),
    `400 ${error('invalid_argument', 'message is not base64')}`,
  ],
  'base64 of no whole byte': [
    get('connect=v1&encoding=json&base64=1&message=a'),
    `400 ${error('invalid_argument', 'message is not base64')}`,
  ],
  'a malformed escape': [
    get('connect=v1&encoding=json&message=%zz'),
    `400 ${error('invalid_argument', 'the query has a malformed percent escape')}`,
  ],
  'what is not UTF-8': [
    get('connect=v1&encoding=json&message=%ff'),
    `400 ${error('invalid_argument', 'the query has a malformed percent escape')}`,
  ],
  'more parameters than there may be': [
    get(`connect=v1&encoding=json&message=${ada}${'&x=1'.repeat(100)}`),
    `400 ${error('invalid_argument', 'the query has 103 parameters, more than 100')}`,
  ],
  'a URL that is too long': [
    get(`connect=v1&encoding=json&message=${'x'.repeat(9000)}`),
    `414 ${error('resource_exhausted', 'the URL is too long')}`,
  ],
}

describe('a unary call with', () => {
  it.each(Object.entries(unary))('%s gets its exact answer', async (_, [request, expected]) => {
    expect(seen(await ask(request))).toEqual(expected)
  })
})

describe('GET with', () => {
  it.each(Object.entries(byGet))('%s gets its exact answer', async (_, [request, expected]) => {
    expect(seen(await ask(request))).toEqual(expected)
  })
})

const ends = (json: object): string => `2:${JSON.stringify(json)}`
const fails = (code: string, message: string): string => ends({ error: { code, message } })
const stream = (body: Buffer | string, headers = {}, to = 'List'): Case => post({ ...STREAM, ...headers }, body, to)
const message = frame(0, '{"text":"Ada"}')

const streams: Readonly<Record<string, readonly [Case, string]>> = {
  'a message': [stream(message), '0:{"text":"Ada"} 2:{}'],
  'two messages, compressed': [
    stream(
      Buffer.concat([frame(1, gzipSync('{"text":"Ada"}')), message]),
      { 'connect-content-encoding': 'gzip' },
      'Chat',
    ),
    '0:{"text":"Ada"} 0:{"text":"Ada"} 2:{}',
  ],
  'no message, where there may be none': [stream('', {}, 'Chat'), '2:{}'],
  'no message, where there must be one': [stream(''), fails('unimplemented', 'no request message came')],
  'two messages, where there may be one': [
    stream(Buffer.concat([message, message])),
    fails('unimplemented', 'more than one request message came'),
  ],
  'an end of the stream': [
    stream(frame(2, '{}'), {}, 'Chat'),
    fails('internal', 'a message has flags that Connect does not know'),
  ],
  'a compressed message without an encoding': [
    stream(frame(1, gzipSync('{}')), {}, 'Chat'),
    fails('internal', 'a message is compressed, but no encoding was named'),
  ],
  'a prefix that is cut off': [
    stream(message.subarray(0, 4)),
    fails('invalid_argument', 'the stream ended within a message'),
  ],
  'a message that is cut off': [
    stream(message.subarray(0, 8), {}, 'Join'),
    fails('invalid_argument', 'the stream ended within a message'),
  ],
  'a length over the limit, before its bytes': [
    { ...stream(frame(0, '', 1001)), open: true },
    fails('resource_exhausted', 'a message is larger than the 1000 bytes that are accepted'),
  ],
  'a message that unpacks to too much': [
    stream(frame(1, bomb.subarray(0, 900)), { 'connect-content-encoding': 'gzip' }, 'Chat'),
    fails('resource_exhausted', 'a message is larger than the 1000 bytes that are accepted'),
  ],
  'a message that is not gzip': [
    stream(frame(1, 'no'), { 'connect-content-encoding': 'gzip' }),
    fails('invalid_argument', 'a message cannot be decompressed'),
  ],
  'an encoding that nobody knows': [
    stream(message, { 'connect-content-encoding': 'zstd' }),
    fails('unimplemented', 'the encoding "zstd" is not known here; those that are: gzip, identity'),
  ],
  'a time-out that is malformed': [
    stream(message, { 'connect-timeout-ms': '-1' }),
    fails('invalid_argument', 'Connect-Timeout-Ms is not one to ten digits'),
  ],
  'a version that nobody knows': [
    stream(message, { 'connect-protocol-version': '0' }),
    fails('invalid_argument', 'Connect-Protocol-Version is "0", but only 1 is known here'),
  ],
  'what is not JSON': [
    stream(frame(0, '{'), {}, 'Chat'),
    expect.stringMatching(
      /^2:\{"error":\{"code":"invalid_argument","message":"the request is not JSON/,
    ) as unknown as string,
  ],
  'a method that is not there': [
    stream(message, {}, 'Absent'),
    fails('unimplemented', 'nothing is at POST /web.v1.Web/Absent'),
  ],
}

describe('a stream with', () => {
  it.each(Object.entries(streams))('%s gets its exact answer', async (_, [request, expected]) => {
    const { status, headers, body } = await ask(request)
    expect([status, headers['content-type']]).toEqual([200, 'application/connect+json'])
    expect(
      frames(body)
        .map(([flags, content]) => `${flags}:${content}`)
        .join(' '),
    ).toEqual(expected)
  })

  it('a format that nobody knows, or GET, gets no stream', async () => {
    expect(seen(await ask(post({ 'content-type': 'application/connect+xml' }, message, 'List')))).toBe(streamTypes)
    expect(seen(await ask({ ...stream(message), method: 'PUT' }))).toBe(wrongMethod('POST'))
  })
})

describe('an answer', () => {
  it('has each code by its name, with its HTTP status', async () => {
    const table = await Promise.all(
      Array.from({ length: 16 }, async (_, at) => {
        // biome-ignore lint/correctness/useYield: the handler fails before its first response
        const { status, body } = await ask(json('{}'), async function* () {
          throw new RpcError((at + 1) as 1, '')
        })
        return `${status} ${body}`
      }),
    )
    expect(table).toEqual([
      '499 {"code":"canceled"}',
      '500 {"code":"unknown"}',
      '400 {"code":"invalid_argument"}',
      '504 {"code":"deadline_exceeded"}',
      '404 {"code":"not_found"}',
      '409 {"code":"already_exists"}',
      '403 {"code":"permission_denied"}',
      '429 {"code":"resource_exhausted"}',
      '400 {"code":"failed_precondition"}',
      '409 {"code":"aborted"}',
      '400 {"code":"out_of_range"}',
      '501 {"code":"unimplemented"}',
      '500 {"code":"internal"}',
      '503 {"code":"unavailable"}',
      '500 {"code":"data_loss"}',
      '401 {"code":"unauthenticated"}',
    ])
  })

  it('has details with type, value and, where the type is known, the same for people', async () => {
    const details = [
      { type: 'google.rpc.RetryInfo', value: new Uint8Array([10, 2, 8, 5]) },
      { type: 'acme.Unknown', value: new Uint8Array([8, 1]) },
    ]
    // biome-ignore lint/correctness/useYield: the handler fails before its first response
    const { headers, body } = await ask(json('{}'), async function* () {
      throw new RpcError(Code.UNAVAILABLE, 'overloaded', { details })
    })
    expect(JSON.parse(body.toString())).toEqual({
      code: 'unavailable',
      message: 'overloaded',
      details: [
        { type: 'google.rpc.RetryInfo', value: 'CgIIBQ', debug: { retryDelay: '5s' } },
        { type: 'acme.Unknown', value: 'CAE' },
      ],
    })
    expect(headers['retry-after']).toBe('5')
  })

  it('has metadata as headers, and trailers behind a prefix, but none that are of the protocol', async () => {
    const { headers } = await ask(json('{}'), async function* (requests, { responseHeaders, responseTrailers }) {
      responseHeaders.set('x-head', 'a', 'b').set('connect-own', 'x').set('content-type', 'text/html')
      responseHeaders.set('access-control-allow-origin', '*')
      responseTrailers.set('x-trail', 't').set('x-trail-bin', new Uint8Array([1]))
      yield* requests
    })
    expect(headers).toMatchObject({ 'x-head': 'a, b', 'trailer-x-trail': 't', 'trailer-x-trail-bin': 'AQ' })
    expect(headers['content-type']).toBe('application/json')
    expect([headers['connect-own'], headers['access-control-allow-origin']]).toEqual([undefined, undefined])
  })

  it('that is larger than headers may be fails, and tells why', async () => {
    for (const where of ['responseHeaders', 'responseTrailers'] as const) {
      const { status, body } = await ask(json('{}'), async function* (requests, context) {
        context[where].set('x-large', 'x'.repeat(70_000))
        yield* requests
      })
      expect([status, JSON.parse(body.toString()).code]).toEqual([429, 'resource_exhausted'])
    }
  })

  it('is compressed for who accepts that, if the server does so', async () => {
    const { url } = await starting('http()', bindings(repeat), { compression: true })
    const text = JSON.stringify({ text: 'x'.repeat(2000) })
    const asking = (headers: object, body: string) =>
      send(url, { path: '/web.v1.Web/Say', headers: { ...JSON_TYPE, ...V1, ...headers }, body })
    const packed = await asking({ 'accept-encoding': 'br, gzip' }, text)
    expect([packed.headers['content-encoding'], packed.headers.vary]).toEqual(['gzip', 'Accept-Encoding'])
    expect(gunzipSync(packed.body).toString()).toBe(text)
    expect((await asking({ 'accept-encoding': 'br, gzip;q=0' }, text)).headers['content-encoding']).toBeUndefined()
    expect((await asking({}, text)).headers['content-encoding']).toBeUndefined()
    expect((await asking({ 'accept-encoding': 'gzip' }, '{}')).headers['content-encoding']).toBeUndefined()
  })

  it('to HEAD has no content', async () => {
    const { status, headers, body } = await ask({
      ...get(`connect=v1&encoding=json&message=${ada}`),
      method: 'HEAD',
    })
    expect([status, headers['content-length'], body.length]).toEqual([200, '14', 0])
  })
})

it('without the version JSON is what it is without Connect', async () => {
  const wrong = await ask(post(JSON_TYPE, '{'))
  expect([wrong.status, JSON.parse(wrong.body.toString()).code]).toEqual([400, Code.INVALID_ARGUMENT])
  expect(seen(await ask(post(JSON_TYPE, '{"text":"Ada"}', 'List')))).toBe('200 {"result":{"text":"Ada"}}\n')
})

it('a request goes on once its client was told to', async () => {
  const { url } = await starting('http()', bindings(repeat))
  const headers = { ...JSON_TYPE, ...V1, expect: '100-continue' }
  expect(seen(await send(url, { path: '/web.v1.Web/Say', headers, body: '{"text":"Ada"}' }))).toBe(ADA)
})
