import { ErrorCode } from '../../../../src/http2/error-code.js'
import { content, frame, headers, rstStream, Type } from '../../peer/frames.js'
import { block, response } from '../../peer/hpack-writer.js'
import type { Peer } from '../../peer/peer.js'
import type { Field } from '../../peer/static-table.js'
import { alive, answered, connection, must, type Requirement, stream } from '../case.js'

const { CANCEL, FRAME_SIZE_ERROR, PROTOCOL_ERROR, STREAM_CLOSED } = ErrorCode
const malformed = stream(1, PROTOCOL_ERROR)
const unheard = (peer: Peer): void => {
  must(!(peer.app.calls('headers', 1).length > 0), 'the application heard of it')
}
const statuses =
  (...expected: readonly string[]) =>
  (peer: Peer) => {
    const heard = peer.app.calls('headers', 1).map(({ fields }) => fields?.[1])
    must(!(heard.join() !== expected.join()), `heard ${heard.join()}`)
  }
const info = (status: string, end = false): Uint8Array => headers(1, block([':status', status]), { end })

/** A response of these fields that is malformed. */
const bad = (section: string, title: string, ...fields: Field[]): Requirement => ({
  section,
  role: 'client',
  title: `${title} is malformed`,
  send: [headers(1, block(...fields), { end: true })],
  expect: malformed,
  also: unheard,
})
const badWith = (section: string, title: string, ...fields: Field[]): Requirement =>
  bad(section, title, [':status', '200'], ...fields)

/** 8.1: the frames of a response. */
const shape: Requirement[] = [
  {
    section: '8.1',
    role: 'client',
    title: 'a response of HEADERS alone is heard',
    send: [headers(1, response(), { end: true })],
    expect: answered(1),
    also: statuses('200'),
  },
  {
    section: '8.1',
    role: 'client',
    title: 'a response with content and trailers is heard',
    send: [headers(1, response()), content(1, 'ab'), headers(1, block(['grpc-status', '0']), { end: true })],
    expect: answered(1),
    also: (peer) => must(!(peer.app.calls('trailers', 1)[0]?.fields?.join() !== 'grpc-status,0'), 'no trailers'),
  },
  {
    section: '8.1',
    role: 'client',
    title: 'informational responses come first',
    send: [info('100'), info('103'), headers(1, response(), { end: true })],
    expect: answered(1),
    also: statuses('100', '103', '200'),
  },
  {
    section: '8.1',
    role: 'client',
    title: 'an informational response that ends the stream is malformed',
    send: [info('103', true)],
    expect: malformed,
  },
  {
    section: '8.1',
    role: 'client',
    title: 'DATA before a response are an error',
    send: [content(1, 'x')],
    expect: [malformed, connection(PROTOCOL_ERROR)],
  },
  {
    section: '8.1',
    role: 'client',
    title: 'DATA behind an informational response alone are malformed',
    send: [info('100'), content(1, 'x')],
    expect: [malformed, connection(PROTOCOL_ERROR)],
  },
  {
    section: '8.1',
    role: 'client',
    title: 'trailers that do not end the stream are malformed',
    send: [headers(1, response()), content(1, 'x'), headers(1, block(['a', 'b']))],
    expect: malformed,
  },
  {
    section: '5.1',
    role: 'client',
    title: 'what comes behind a response and RST_STREAM costs the stream alone',
    send: [headers(1, response(), { end: true }), rstStream(1, CANCEL), headers(1, response(), { end: true })],
    expect: [stream(1, STREAM_CLOSED), alive],
  },
  {
    section: '8.1',
    role: 'client',
    title: 'what comes behind a response and RST_STREAM costs the stream alone, also when the request has ended',
    send: [headers(1, response(), { end: true }), rstStream(1, CANCEL), headers(1, response(), { end: true })],
    expect: [stream(1, STREAM_CLOSED), alive],
  },
  {
    section: '8.1',
    role: 'client',
    title: 'a second response is malformed',
    send: [headers(1, response()), headers(1, response())],
    expect: malformed,
  },
  {
    section: '8.1',
    role: 'client',
    title: 'an informational response behind the response is malformed',
    send: [headers(1, response()), info('103')],
    expect: malformed,
  },
  {
    section: '8.1',
    role: 'client',
    title: 'a response to one request does not end another',
    asked: 2,
    send: [headers(3, response(), { end: true }), headers(1, response()), content(1, 'x', { end: true })],
    expect: answered(1),
  },
]

/** 8.2 and 8.3.2: the fields of a response. */
const fields: Requirement[] = [
  bad('8.3.2', 'a response without :status', ['x', 'v']),
  bad('8.3.2', 'a header block without fields'),
  bad('8.3.2', ':status twice', [':status', '200'], [':status', '200']),
  bad('8.3', ':status behind another field', ['x', 'v'], [':status', '200']),
  bad('8.3', ':method in a response', [':status', '200'], [':method', 'GET']),
  bad('8.3', ':path in a response', [':status', '200'], [':path', '/']),
  bad('8.3', 'an unknown pseudo-header field', [':status', '200'], [':test', 'v']),
  ...['', 'abc', '20', '2000', '-20', '2e2', ' 200'].map((status) =>
    bad('8.3.2', `:status ${JSON.stringify(status)}`, [':status', status]),
  ),
  badWith('8.2', 'a name in upper case', ['X-Test', 'v']),
  badWith('8.2.1', 'an empty name', ['', 'v']),
  badWith('8.2.1', 'a space within a name', ['x y', 'v']),
  badWith('8.2.1', 'a line break within a value', ['x', 'a\nb']),
  badWith('8.2.1', 'NUL within a value', ['x', 'a\0b']),
  badWith('8.2.1', 'a space before a value', ['x', ' v']),
  badWith('8.2.2', 'connection', ['connection', 'close']),
  badWith('8.2.2', 'transfer-encoding', ['transfer-encoding', 'chunked']),
  badWith('8.2.2', 'keep-alive', ['keep-alive', 'timeout=5']),
  badWith('8.2.2', 'upgrade', ['upgrade', 'h2c']),
  badWith('8.2.2', 'proxy-connection', ['proxy-connection', 'close']),
  {
    section: '8.3',
    role: 'client',
    title: ':status in trailers is malformed',
    send: [headers(1, response()), headers(1, block([':status', '200']), { end: true })],
    expect: malformed,
  },
  {
    section: '8.2',
    role: 'client',
    title: 'a name in upper case in trailers is malformed',
    send: [headers(1, response()), headers(1, block(['Grpc-Status', '0']), { end: true })],
    expect: malformed,
  },
]

const sized = (length: string, ...sent: readonly string[]): Uint8Array[] => [
  headers(1, response(['content-length', length]), { end: sent.length === 0 }),
  ...sent.map((body, at) => content(1, body, { end: at === sent.length - 1 })),
]

/** 8.1.1: content-length of a response. */
const lengths: Requirement[] = [
  {
    section: '8.1.1',
    role: 'client',
    title: 'content-length that fits is taken',
    send: sized('3', 'ab', 'c'),
    expect: answered(1),
  },
  {
    section: '8.1.1',
    role: 'client',
    title: 'content that is shorter than content-length is malformed',
    send: sized('4', 'ab', 'c'),
    expect: malformed,
  },
  {
    section: '8.1.1',
    role: 'client',
    title: 'content that is longer than content-length is malformed',
    send: sized('2', 'ab', 'c'),
    expect: malformed,
  },
  {
    section: '8.1.1',
    role: 'client',
    title: 'no content where content-length promised some is malformed',
    send: sized('1'),
    expect: malformed,
  },
  {
    section: '8.1.1',
    role: 'client',
    title: 'a content-length of letters is malformed',
    send: sized('x', 'a'),
    expect: malformed,
  },
  {
    section: '8.1.1',
    role: 'client',
    title: 'trailers before content-length is reached are malformed',
    send: [
      headers(1, response(['content-length', '2'])),
      content(1, 'a'),
      headers(1, block(['x', 'y']), { end: true }),
    ],
    expect: malformed,
  },
  {
    section: '8.1.1',
    role: 'client',
    title: 'a 204 may tell the length of content that it leaves out',
    send: [headers(1, block([':status', '204'], ['content-length', '9']), { end: true })],
    expect: answered(1),
  },
  {
    section: '8.1.1',
    role: 'client',
    title: 'a 304 may tell the length of content that it leaves out',
    send: [headers(1, block([':status', '304'], ['content-length', '9']), { end: true })],
    expect: answered(1),
  },
]

const padding = (
  title: string,
  type: number,
  flags: number,
  payload: readonly number[],
  codes: readonly number[],
): Requirement => ({
  section: type === Type.DATA ? '6.1' : '6.2',
  role: 'both',
  title,
  send: (open) => [...(type === Type.DATA ? [open(1)] : []), frame({ type, flags, stream: 1 }, payload)],
  expect: connection(...codes),
})

/** 6.1 and 6.2: padding and priorities that do not fit. The length of a frame may be called wrong as well. */
const lengthsOfPadding: Requirement[] = [
  padding('padding as long as the payload of DATA is an error', Type.DATA, 0x8, [5, 0, 0, 0, 0], [PROTOCOL_ERROR]),
  padding('padding longer than the payload of DATA is an error', Type.DATA, 0x8, [255, 0, 0, 0, 0], [PROTOCOL_ERROR]),
  padding('padded DATA without a length of it are an error', Type.DATA, 0x8, [], [PROTOCOL_ERROR, FRAME_SIZE_ERROR]),
  padding(
    'padding as long as the payload of HEADERS is an error',
    Type.HEADERS,
    0xc,
    [5, 0, 0, 0, 0],
    [PROTOCOL_ERROR],
  ),
  padding(
    'padding longer than the payload of HEADERS is an error',
    Type.HEADERS,
    0xc,
    [255, 0x82, 0x84, 0x86],
    [PROTOCOL_ERROR],
  ),
  padding(
    'padded HEADERS without a length of it are an error',
    Type.HEADERS,
    0xc,
    [],
    [PROTOCOL_ERROR, FRAME_SIZE_ERROR],
  ),
  padding(
    'HEADERS too short for their priority are an error',
    Type.HEADERS,
    0x24,
    [0, 0, 0, 0],
    [PROTOCOL_ERROR, FRAME_SIZE_ERROR],
  ),
  padding(
    'padding that reaches into the priority is an error',
    Type.HEADERS,
    0x2c,
    [1, 0, 0, 0, 0, 0],
    [PROTOCOL_ERROR, FRAME_SIZE_ERROR],
  ),
  {
    section: '6.1',
    role: 'both',
    title: 'DATA on stream 0 are an error',
    send: [content(0, 'x')],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.1',
    role: 'both',
    title: 'empty DATA on stream 0 are an error',
    send: [content(0, '')],
    expect: connection(PROTOCOL_ERROR),
  },
]

export const responses: readonly Requirement[] = [...shape, ...fields, ...lengths, ...lengthsOfPadding]
