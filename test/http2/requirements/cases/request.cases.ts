import { ErrorCode } from '../../../../src/http2/error-code.js'
import { content, headers, rstStream } from '../../peer/frames.js'
import { block, request, requestFields } from '../../peer/hpack-writer.js'
import type { Peer } from '../../peer/peer.js'
import type { Field } from '../../peer/static-table.js'
import { alive, answered, must, type Requirement, stream } from '../case.js'

const { PROTOCOL_ERROR, CANCEL } = ErrorCode
const [method, scheme, path, authority] = requestFields as [Field, Field, Field, Field]

/** A malformed request costs its stream (8.1.1), and the application never hears of it. */
const malformed = stream(1, PROTOCOL_ERROR)
const unheard = (peer: Peer): void => {
  must(!(peer.app.calls('stream', 1).length > 0), 'the application heard of it')
}
const heardFields =
  (...expected: readonly string[]) =>
  (peer: Peer) => {
    const fields = peer.app.calls('stream', 1)[0]?.fields ?? []
    must(!!fields.join('|').includes(expected.join('|')), `heard ${fields.join('|')}`)
  }

/** A request of these fields that is malformed. */
const bad = (section: string, title: string, ...fields: Field[]): Requirement => ({
  section,
  role: 'server',
  title: `${title} is malformed`,
  send: [headers(1, block(...fields), { end: true })],
  expect: malformed,
  also: unheard,
})
/** A request with these further fields that is malformed. */
const badWith = (section: string, title: string, ...fields: Field[]): Requirement =>
  bad(section, title, ...requestFields, ...fields)
/** A request with these further fields that is well. */
const goodWith = (section: string, title: string, ...fields: Field[]): Requirement => ({
  section,
  role: 'server',
  title: `${title} is taken`,
  send: [headers(1, request(...fields), { end: true })],
  expect: answered(1),
  also: heardFields(...fields.flat()),
})
/** Trailers of these fields that are malformed: the application heard of the request, and hears that it is over. */
const badTrailers = (section: string, title: string, ...fields: Field[]): Requirement => ({
  section,
  role: 'server',
  title: `${title} in trailers is malformed`,
  send: [headers(1, request()), content(1, 'x'), headers(1, block(...fields), { end: true })],
  expect: malformed,
})

/** 8.1: the frames of a request. */
const shape: Requirement[] = [
  {
    section: '8.1',
    role: 'server',
    title: 'a request of HEADERS alone is answered',
    send: [headers(1, request(), { end: true })],
    expect: answered(1),
  },
  {
    section: '8.1',
    role: 'server',
    title: 'a request of HEADERS and DATA is answered',
    send: [headers(1, request()), content(1, 'a'), content(1, 'b', { end: true })],
    expect: answered(1),
  },
  {
    section: '8.1',
    role: 'server',
    title: 'a request that ends with empty DATA is answered',
    send: [headers(1, request()), content(1, '', { end: true })],
    expect: answered(1),
  },
  {
    section: '8.1',
    role: 'server',
    title: 'a request with trailers is answered',
    send: [headers(1, request()), content(1, 'a'), headers(1, block(['sum', '1']), { end: true })],
    expect: answered(1),
    also: (peer) => must(!(peer.app.calls('trailers', 1)[0]?.fields?.join() !== 'sum,1'), 'no trailers'),
  },
  {
    section: '8.1',
    role: 'server',
    title: 'a request with trailers and no DATA is answered',
    send: [headers(1, request()), headers(1, block(['sum', '1']), { end: true })],
    expect: answered(1),
  },
  {
    section: '8.1',
    role: 'server',
    title: 'a second header block that does not end the stream is malformed',
    send: [headers(1, request()), content(1, 'a'), headers(1, block(['sum', '1'])), content(1, 'b', { end: true })],
    expect: malformed,
  },
  {
    section: '8.1',
    role: 'server',
    title: 'requests may be sent one in another',
    send: [
      headers(1, request()),
      headers(3, request()),
      content(3, 'a', { end: true }),
      content(1, 'b', { end: true }),
    ],
    expect: answered(1),
  },
  {
    section: '8.1',
    role: 'server',
    title: 'a request may be reset before it ended',
    send: [headers(1, request()), content(1, 'a'), rstStream(1, CANCEL)],
    expect: alive,
  },
]

/** 6.1 and 6.2: padding. */
const padding: Requirement[] = [
  {
    section: '6.1',
    role: 'both',
    title: 'padded DATA are taken, without the padding',
    send: (open) => [open(1), content(1, 'body', { pad: 200, end: true })],
    expect: answered(1),
    also: (peer) => {
      const body = peer.app
        .calls('content', 1)
        .map((one) => one.body)
        .join('')
      must(!(body !== 'body'), `heard ${body}`)
    },
  },
  {
    section: '6.1',
    role: 'both',
    title: 'DATA of padding alone are taken',
    send: (open) => [open(1), content(1, '', { pad: 255 }), content(1, '', { pad: 0, end: true })],
    expect: answered(1),
  },
  {
    section: '6.2',
    role: 'both',
    title: 'padded HEADERS are taken',
    send: (open) => [open(1, { pad: 255, end: true })],
    expect: answered(1),
  },
  {
    section: '6.2',
    role: 'both',
    title: 'HEADERS with padding of no bytes are taken',
    send: (open) => [open(1, { pad: 0, end: true })],
    expect: answered(1),
  },
]

/** 8.2 and 8.2.1: names and values. */
const fields: Requirement[] = [
  badWith('8.2', 'a name in upper case', ['X-Test', 'v']),
  badWith('8.2', 'one upper-case letter in a name', ['x-tesT', 'v']),
  badWith('8.2.1', 'an empty name', ['', 'v']),
  ...['\0', ' ', '\t', '\r', '\n', '\x1f', '\x7f', '\x80', '\xff', ':'].map((char) =>
    badWith('8.2.1', `${JSON.stringify(char)} within a name`, [`x${char}y`, 'v']),
  ),
  ...['\0', '\r', '\n'].map((char) => badWith('8.2.1', `${JSON.stringify(char)} within a value`, ['x', `a${char}b`])),
  ...['\0', '\r', '\n'].map((char) => badWith('8.2.1', `${JSON.stringify(char)} alone as a value`, ['x', char])),
  badWith('8.2.1', 'a space before a value', ['x', ' v']),
  badWith('8.2.1', 'a space behind a value', ['x', 'v ']),
  badWith('8.2.1', 'a tab before a value', ['x', '\tv']),
  badWith('8.2.1', 'a tab behind a value', ['x', 'v\t']),
  bad('8.2.1', 'a line break in :path', method, scheme, [':path', '/a\r\nb'], authority),
  bad('8.2.1', 'NUL in :authority', method, scheme, path, [':authority', 'a\0b']),
  goodWith('8.2.1', 'an empty value', ['x', '']),
  goodWith('8.2.1', 'a value with spaces and tabs inside', ['x', 'a b\tc']),
  goodWith('8.2.1', 'a value of bytes over 0x7f', ['x', '\x80\xfe\xff']),
  goodWith('8.2.1', 'a name of every token character', ["!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyz", 'v']),
  goodWith('8.2.3', 'a cookie in several fields', ['cookie', 'a=b'], ['cookie', 'c=d']),
  goodWith('8.2', 'a field that comes twice', ['x', '1'], ['x', '2']),
  badTrailers('8.2', 'a name in upper case', ['X-Test', 'v']),
  badTrailers('8.2.1', 'a line break', ['x', 'a\nb']),
]

/** 8.2.2: fields that speak of one connection. */
const hops: Requirement[] = [
  badWith('8.2.2', 'connection', ['connection', 'close']),
  badWith('8.2.2', 'connection: keep-alive', ['connection', 'keep-alive']),
  badWith('8.2.2', 'proxy-connection', ['proxy-connection', 'keep-alive']),
  badWith('8.2.2', 'keep-alive', ['keep-alive', 'timeout=5']),
  badWith('8.2.2', 'transfer-encoding', ['transfer-encoding', 'chunked']),
  badWith('8.2.2', 'upgrade', ['upgrade', 'h2c']),
  badWith('8.2.2', 'te: gzip', ['te', 'gzip']),
  badWith('8.2.2', 'te: trailers, deflate', ['te', 'trailers, deflate']),
  goodWith('8.2.2', 'te: trailers', ['te', 'trailers']),
  badTrailers('8.2.2', 'connection', ['connection', 'close']),
]

/** 8.3 and 8.3.1: pseudo-header fields. */
const pseudo: Requirement[] = [
  bad('8.3', 'an unknown pseudo-header field', ...requestFields, [':test', 'v']),
  bad('8.3', 'the pseudo-header field ":"', ...requestFields, [':', 'v']),
  bad('8.3', ':status in a request', ...requestFields, [':status', '200']),
  bad('8.3', 'a pseudo-header field behind another field', method, scheme, authority, ['x', 'v'], path),
  bad('8.3.1', 'a request without :method', scheme, path, authority),
  bad('8.3.1', 'a request without :scheme', method, path, authority),
  bad('8.3.1', 'a request without :path', method, scheme, authority),
  bad('8.3.1', 'an empty :path', method, scheme, [':path', ''], authority),
  bad('8.3.1', ':method twice', method, method, scheme, path, authority),
  bad('8.3.1', ':scheme twice', method, scheme, scheme, path, authority),
  bad('8.3.1', ':path twice', method, scheme, path, path, authority),
  bad('8.3', ':authority twice', ...requestFields, authority),
  bad('8.1', 'a header block without fields'),
  {
    section: '8.3.1',
    role: 'server',
    title: 'a request with host in place of :authority is taken',
    send: [headers(1, block(method, scheme, path, ['host', 'test']), { end: true })],
    expect: answered(1),
  },
  {
    section: '8.3.1',
    role: 'server',
    title: 'pseudo-header fields come in any order',
    send: [headers(1, block(authority, path, scheme, method), { end: true })],
    expect: answered(1),
  },
  {
    section: '8.3.1',
    role: 'server',
    title: 'host that says the same as :authority is taken',
    send: [headers(1, request(['host', 'test']), { end: true })],
    expect: answered(1),
  },
  // To call this malformed is only advised.
  {
    section: '8.3.1',
    role: 'server',
    title: 'host that differs from :authority is malformed or taken',
    send: [headers(1, request(['host', 'other']), { end: true })],
    expect: [malformed, answered(1)],
  },
  badTrailers('8.1', ':path', path),
  badTrailers('8.1', ':status', [':status', '200']),
  badTrailers('8.1', 'an unknown pseudo-header field', [':test', 'v']),
]

const connectTo: Field[] = [[':method', 'CONNECT'], authority]

/** 8.5: CONNECT. */
const connect: Requirement[] = [
  bad('8.5', 'CONNECT with :path and :scheme', [':method', 'CONNECT'], scheme, path, authority),
  bad('8.5', 'CONNECT with :scheme', ...connectTo, scheme),
  bad('8.5', 'CONNECT without :authority', [':method', 'CONNECT']),
  // A server may take it, or refuse it in any way that costs nothing but the stream.
  {
    section: '8.5',
    role: 'server',
    title: 'CONNECT costs at most its stream',
    send: [headers(1, block(...connectTo)), rstStream(1, CANCEL)],
    expect: [alive, stream(1, PROTOCOL_ERROR, ErrorCode.REFUSED_STREAM, ErrorCode.CONNECT_ERROR)],
  },
]

export const requests: readonly Requirement[] = [...shape, ...padding, ...fields, ...hops, ...pseudo, ...connect]
