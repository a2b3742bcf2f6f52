import { deflateSync, gzipSync } from 'node:zlib'
import { grpcServer } from 'tierkit/transport/grpc'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  bytesOf,
  content,
  continuation,
  headers,
  frame as http2Frame,
  MAGIC,
  priority,
  rstStream,
  settings,
  windowUpdate,
} from '../../../http2/peer/frames.js'
import { literal } from '../../../http2/peer/hpack-writer.js'
import { all, bind, stream } from '../../grpc-suite/fixture.js'
import { frame } from '../../grpc-suite/raw-client.js'
import { RawConnection } from './raw-connection.js'

type Fields = Readonly<Record<string, string | readonly string[]>>

/** The headers of a call, with changes; nothing where a field is to be left out. */
function call(changes: Readonly<Record<string, string | readonly string[] | undefined>> = {}): Uint8Array {
  const usual: Fields = {
    ':method': 'POST',
    ':scheme': 'http',
    ':path': '/test.Text/unary',
    ':authority': 'test',
    te: 'trailers',
    'content-type': 'application/grpc',
  }
  const fields = Object.entries({ ...usual, ...changes })
  return Uint8Array.from(
    fields.flatMap(([name, values]) => [values ?? []].flat().flatMap((value) => literal(name, value))),
  )
}

const body = (...messages: Uint8Array[]) => content(1, Buffer.concat(messages), { end: true })
const limit = 1000
const declared = (length: number) => Buffer.from([0, length >>> 24, length >>> 16, length >>> 8, length])
const x = frame('x')
const gzip = { 'grpc-encoding': 'gzip' }
const streaming = { ':path': '/test.Text/client_stream' }

/** What is sent, and how the server must answer it. */
const cases: readonly [string, readonly Uint8Array[], string][] = [
  // What is no call of gRPC.
  ['GET', [headers(1, call({ ':method': 'GET' }), { end: true })], 'http 405'],
  ['PUT', [headers(1, call({ ':method': 'PUT' })), body(x)], 'http 405'],
  ['no content type', [headers(1, call({ 'content-type': undefined })), body(x)], 'http 415'],
  ['text/plain', [headers(1, call({ 'content-type': 'text/plain' })), body(x)], 'http 415'],
  ['gRPC-Web', [headers(1, call({ 'content-type': 'application/grpc-web' })), body(x)], 'http 415'],
  [
    'a content type that begins like that of gRPC',
    [headers(1, call({ 'content-type': 'application/grpcfoo' })), body(x)],
    'http 415',
  ],
  ['te that is not trailers', [headers(1, call({ te: 'gzip' })), body(x)], 'reset 1'],
  ['no path', [headers(1, call({ ':path': undefined })), body(x)], 'reset 1'],
  ['an empty path', [headers(1, call({ ':path': '' })), body(x)], 'reset 1'],
  ['two paths', [headers(1, call({ ':path': ['/test.Text/unary', '/test.Text/unary'] })), body(x)], 'reset 1'],
  ['two methods', [headers(1, call({ ':method': ['POST', 'POST'] })), body(x)], 'reset 1'],
  ['no method', [headers(1, call({ ':method': undefined })), body(x)], 'reset 1'],
  ['no scheme', [headers(1, call({ ':scheme': undefined })), body(x)], 'reset 1'],
  ['a field of connections', [headers(1, call({ connection: 'close' })), body(x)], 'reset 1'],
  ['a name in upper case', [headers(1, call({ 'X-Upper': 'x' })), body(x)], 'reset 1'],
  [
    'a pseudo-header field behind others',
    [
      headers(1, Buffer.concat([call({ ':path': undefined }), Buffer.from(literal(':path', '/test.Text/unary'))])),
      body(x),
    ],
    'reset 1',
  ],
  ['a pseudo-header field of responses', [headers(1, call({ ':status': '200' })), body(x)], 'reset 1'],
  ['content-length that is too small', [headers(1, call({ 'content-length': '3' })), body(x)], 'reset 1'],
  // Calls that cannot be served.
  ['an unknown method', [headers(1, call({ ':path': '/test.Text/none' })), body(x)], 'grpc 12'],
  ['an unknown service', [headers(1, call({ ':path': '/none.None/unary' })), body(x)], 'grpc 12'],
  ['a path without a slash', [headers(1, call({ ':path': 'unary' })), body(x)], 'reset 1'],
  ['an encoding that is unknown', [headers(1, call({ 'grpc-encoding': 'br' })), body(x)], 'grpc 12'],
  ['two encodings', [headers(1, call({ 'grpc-encoding': ['gzip', 'deflate'] })), body(x)], 'grpc 12'],
  ['a time-out of nine digits', [headers(1, call({ 'grpc-timeout': '123456789S' })), body(x)], 'grpc 13'],
  ['a time-out that is negative', [headers(1, call({ 'grpc-timeout': '-1S' })), body(x)], 'grpc 13'],
  ['a time-out without a unit', [headers(1, call({ 'grpc-timeout': '10' })), body(x)], 'grpc 13'],
  ['a time-out of an unknown unit', [headers(1, call({ 'grpc-timeout': '10x' })), body(x)], 'grpc 13'],
  ['an empty time-out', [headers(1, call({ 'grpc-timeout': '' })), body(x)], 'grpc 13'],
  ['two time-outs', [headers(1, call({ 'grpc-timeout': ['1S', '2S'] })), body(x)], 'grpc 13'],
  ['no time at all', [headers(1, call({ 'grpc-timeout': '0S' })), body(x)], 'grpc 4'],
  // Messages.
  ['headers that end the stream', [headers(1, call(), { end: true })], 'grpc 12'],
  ['no message', [headers(1, call()), body()], 'grpc 12'],
  ['two messages', [headers(1, call()), body(x, x)], 'grpc 12'],
  ['two messages in two frames', [headers(1, call()), content(1, x), body(x)], 'grpc 12'],
  ['a message and the beginning of another', [headers(1, call()), content(1, x), body(x.subarray(0, 2))], 'grpc 13'],
  ['a message that is cut off', [headers(1, call()), body(frame('hello').subarray(0, 7))], 'grpc 13'],
  ['a prefix that is cut off', [headers(1, call()), body(x.subarray(0, 4))], 'grpc 13'],
  [
    'trailers within a message',
    [
      headers(1, call()),
      content(1, frame('hello').subarray(0, 7)),
      headers(1, Uint8Array.from(literal('x-a', '1')), { end: true }),
    ],
    'grpc 13',
  ],
  ['a flag of 2', [headers(1, call()), body(frame('x', 2))], 'grpc 13'],
  ['a flag of 255', [headers(1, call()), body(frame('x', 255))], 'grpc 13'],
  ['a compressed message without an encoding', [headers(1, call()), body(frame(gzipSync('x'), 1))], 'grpc 13'],
  [
    'a compressed message with the encoding identity',
    [headers(1, call({ 'grpc-encoding': 'identity' })), body(frame(gzipSync('x'), 1))],
    'grpc 13',
  ],
  ['gzip that is none', [headers(1, call(gzip)), body(frame('nonsense', 1))], 'grpc 13'],
  ['gzip that is cut off', [headers(1, call(gzip)), body(frame(gzipSync('hello').subarray(0, 20), 1))], 'grpc 13'],
  ['deflate under the name of gzip', [headers(1, call(gzip)), body(frame(deflateSync('hello'), 1))], 'grpc 13'],
  ['a message whose length is over the limit', [headers(1, call()), content(1, declared(limit + 1))], 'grpc 8'],
  ['a message of 4 GiB', [headers(1, call()), content(1, declared(0xff_ff_ff_ff))], 'grpc 8'],
  [
    'a message that is over the limit when inflated',
    [headers(1, call(gzip)), body(frame(gzipSync(Buffer.alloc(limit + 1)), 1))],
    'grpc 8',
  ],
  [
    'a message of a stream over the limit',
    [headers(1, call(streaming)), content(1, Buffer.concat([x, declared(limit + 1)]))],
    'grpc 8',
  ],
  [
    'a message of a stream with a flag of 2',
    [headers(1, call(streaming)), content(1, Buffer.concat([x, frame('x', 2)]))],
    'grpc 13',
  ],
  // What breaks HTTP/2 itself.
  ['content on a stream that never was', [content(1, x)], 'goaway 1'],
  ['a stream of an even number', [headers(2, call())], 'goaway 1'],
  ['an overflow of the connection window', [windowUpdate(0, 0x7f_ff_ff_ff)], 'goaway 3'],
  ['an overflow of a stream window', [headers(1, call()), windowUpdate(1, 0x7f_ff_ff_ff)], 'reset 3'],
  ['a header block that is no HPACK', [headers(1, [0x80])], 'goaway 9'],
  ['a frame that is too large', [http2Frame({ type: 0, stream: 1, length: 0xff_ff_ff })], 'goaway 6'],
  ['a frame between HEADERS and CONTINUATION', [headers(1, call(), { last: false }), priority(1)], 'goaway 1'],
  ['SETTINGS of a wrong length', [http2Frame({ type: 4 }, 'abc')], 'goaway 6'],
]

/** What a server must take as it is. */
const fine: readonly [string, readonly Uint8Array[]][] = [
  ['no te', [headers(1, call({ te: undefined })), body(x)]],
  ['application/grpc+proto', [headers(1, call({ 'content-type': 'application/grpc+proto' })), body(x)]],
  ['a content type with parameters', [headers(1, call({ 'content-type': 'application/grpc;charset=utf-8' })), body(x)]],
  ['a time-out of 99999999 hours', [headers(1, call({ 'grpc-timeout': '99999999H' })), body(x)]],
  ['an end of its own frame', [headers(1, call()), content(1, x), body()]],
  [
    'trailers behind the message',
    [headers(1, call()), content(1, x), headers(1, Uint8Array.from(literal('x-a', '1')), { end: true })],
  ],
  ['empty frames before the message', [headers(1, call()), content(1, ''), content(1, ''), body(x)]],
  ['a message byte by byte', [headers(1, call()), ...[...x].map((byte) => content(1, [byte])), body()]],
  ['padding', [headers(1, call(), { pad: 7 }), content(1, x, { pad: 255, end: true })]],
  [
    'a header block in pieces',
    [headers(1, call().subarray(0, 9), { last: false }), continuation(1, call().subarray(9)), body(x)],
  ],
  ['a frame of a type that is unknown', [http2Frame({ type: 77 }, 'abc'), headers(1, call()), body(x)]],
  ['gzip', [headers(1, call(gzip)), body(frame(gzipSync('x'), 1))]],
  ['deflate', [headers(1, call({ 'grpc-encoding': 'deflate' })), body(frame(deflateSync('x'), 1))]],
  ['a message that is not compressed where it might be', [headers(1, call(gzip)), body(x)]],
  ['an empty message', [headers(1, call()), body(frame(''))]],
]

describe('a server', () => {
  let port: number
  const server = grpcServer({ host: '127.0.0.1', maxReceiveBytes: limit })
  const opened: RawConnection[] = []
  const open = async () => {
    const connection = await RawConnection.to(port)
    opened.push(connection)
    return connection.send(MAGIC, settings())
  }

  beforeAll(async () => {
    const echo = bind('unary', async (request) => request)
    const collect = bind('client_stream', async (requests) => (await all(requests)).join())
    const repeat = bind('server_stream', async () => stream('a', 'b'))
    port = (await server.listen([echo, collect, repeat])).port
  })
  afterAll(async () => {
    for (const { socket } of opened) socket.destroy()
    await server.close()
  })

  it.each(cases)('answers %s', async (_, sent, end) => {
    const connection = await open()
    expect(await connection.send(...sent).outcome(1)).toMatchObject({ end })
  })

  it.each(fine)('takes %s', async (_, sent) => {
    const connection = await open()
    expect(await connection.send(...sent).outcome(1)).toMatchObject({ end: 'grpc 0' })
  })

  it('goes on with the connection after each refusal that is not of the connection', async () => {
    const connection = await open()
    let id = 1
    for (const [, sent, end] of cases.filter((each) => !each[2].startsWith('goaway'))) {
      const moved = sent.map((part) => renumber(part, id))
      expect(await connection.send(...moved).outcome(id)).toMatchObject({ end })
      id += 2
    }
    expect(await connection.send(headers(id, call()), content(id, x, { end: true })).outcome(id)).toMatchObject({
      end: 'grpc 0',
    })
  })

  it('closes a connection that does not begin as one of HTTP/2', async () => {
    const connection = await RawConnection.to(port)
    opened.push(connection)
    connection.send(bytesOf('GET / HTTP/1.1\r\nhost: x\r\n\r\n'))
    expect((await connection.outcome(1)).end).toBe('goaway 1')
  })

  it('serves calls behind one that is not whole', async () => {
    const connection = await open()
    connection.send(headers(1, call()), content(1, declared(10)))
    connection.send(headers(3, call()), content(3, x, { end: true }))
    expect((await connection.outcome(3)).end).toBe('grpc 0')
  })

  it('ends a call that is reset, and takes the next', async () => {
    const connection = await open()
    connection.send(headers(1, call(streaming)), content(1, x), rstStream(1, 8))
    connection.send(headers(3, call()), content(3, x, { end: true }))
    expect((await connection.outcome(3)).end).toBe('grpc 0')
  })
})

/** A frame of stream 1 as one of another. */
function renumber(part: Uint8Array, id: number): Uint8Array {
  const moved = Buffer.from(part)
  moved.writeUInt32BE(id, 5)
  return moved
}
