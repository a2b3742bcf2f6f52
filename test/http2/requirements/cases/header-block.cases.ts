import { ErrorCode } from '../../../../src/http2/error-code.js'
import { content, continuation, frame, headers, ping, settings, Type, windowUpdate } from '../../peer/frames.js'
import { block, request } from '../../peer/hpack-writer.js'
import { answered, connection, must, type Requirement } from '../case.js'

const { PROTOCOL_ERROR } = ErrorCode
const half = request().length >> 1
const first = request().subarray(0, half)
const second = request().subarray(half)

/** 4.3 and 6.10: header blocks of several frames. */
const blocks: Requirement[] = [
  {
    section: '4.3',
    role: 'server',
    title: 'a block may be cut anywhere, within a field too',
    send: [headers(1, first, { last: false, end: true }), continuation(1, second)],
    expect: answered(1),
  },
  {
    section: '4.3',
    role: 'server',
    title: 'a block may be cut into single bytes',
    options: { limits: { maxContinuations: 1000, idleFrameBurst: 1000 } },
    send: [
      headers(1, [], { last: false, end: true }),
      ...[...request()].map((byte, at, all) => continuation(1, [byte], at === all.length - 1)),
    ],
    expect: answered(1),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'an empty CONTINUATION ends a block',
    send: (open) => [open(1, { last: false, end: true }), continuation(1, [])],
    expect: answered(1),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'several CONTINUATIONs make one block',
    send: (open) => [
      open(1, { last: false, end: true }),
      ...['a', 'b', 'c'].map((name) => continuation(1, block([name, name]), name === 'c')),
    ],
    expect: answered(1),
    also: (peer) => must(!(peer.app.heard.some(({ fields }) => fields?.includes('c')) === false), 'field c is missing'),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'DATA within a header block are an error',
    send: (open) => [open(1, { last: false }), content(1, 'x')],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'PING within a header block is an error',
    send: (open) => [open(1, { last: false }), ping()],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'SETTINGS within a header block are an error',
    send: (open) => [open(1, { last: false }), settings()],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'WINDOW_UPDATE within a header block is an error',
    send: (open) => [open(1, { last: false }), windowUpdate(0, 1)],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'RST_STREAM within a header block is an error',
    send: (open) => [open(1, { last: false }), frame({ type: Type.RST_STREAM, stream: 1 }, [0, 0, 0, 8])],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'PRIORITY within a header block is an error',
    send: (open) => [open(1, { last: false }), frame({ type: Type.PRIORITY, stream: 1 }, [0, 0, 0, 0, 1])],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'HEADERS within a header block are an error',
    asked: 2,
    send: (open) => [open(1, { last: false }), open(3)],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'HEADERS of the same stream within a header block are an error',
    send: (open) => [open(1, { last: false }), open(1)],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'CONTINUATION of another stream within a header block is an error',
    asked: 2,
    send: (open) => [open(1, { last: false }), continuation(3, [])],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'CONTINUATION on stream 0 is an error',
    send: (open) => [open(1, { last: false }), continuation(0, [])],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'CONTINUATION without a header block is an error',
    send: [continuation(1, [])],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'CONTINUATION behind HEADERS that ended the block is an error',
    send: (open) => [open(1), continuation(1, [])],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'CONTINUATION behind CONTINUATION that ended the block is an error',
    send: (open) => [open(1, { last: false }), continuation(1, []), continuation(1, [])],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.10',
    role: 'both',
    title: 'CONTINUATION behind DATA is an error',
    send: (open) => [open(1), content(1, 'x'), continuation(1, [])],
    expect: connection(PROTOCOL_ERROR),
  },
]

export const headerBlocks: readonly Requirement[] = [...blocks]
