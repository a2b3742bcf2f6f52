import { ErrorCode } from '../../../../src/http2/error-code.js'
import { content, headers, priority, rstStream, windowUpdate } from '../../peer/frames.js'
import { block, indexed, indexing, request, requestFields, requestTo } from '../../peer/hpack-writer.js'
import { alive, answered, connection, must, type Reaction, type Requirement, stream } from '../case.js'

const { PROTOCOL_ERROR, STREAM_CLOSED, CANCEL } = ErrorCode
const hold = requestTo('/hold')

/** 5.1, idle: what a stream may hear before it was opened. */
const idle: Requirement[] = [
  {
    section: '5.1',
    role: 'both',
    title: 'DATA on an idle stream are an error',
    send: [content(9, 'x')],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '5.1',
    role: 'both',
    title: 'empty DATA on an idle stream are an error',
    send: [content(9, '', { end: true })],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '5.1',
    role: 'both',
    title: 'RST_STREAM on an idle stream is an error',
    send: [rstStream(9, CANCEL)],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '5.1',
    role: 'both',
    title: 'WINDOW_UPDATE on an idle stream is an error',
    send: [windowUpdate(9, 1)],
    expect: connection(PROTOCOL_ERROR),
  },
  { section: '5.1', role: 'both', title: 'PRIORITY on an idle stream is taken', send: [priority(9)], expect: alive },
  {
    section: '5.1',
    role: 'both',
    title: 'DATA on an idle stream of the server are an error',
    send: [content(2, 'x')],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '5.1',
    role: 'both',
    title: 'RST_STREAM on an idle stream of the server is an error',
    send: [rstStream(2, CANCEL)],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '5.1',
    role: 'both',
    title: 'WINDOW_UPDATE on an idle stream of the server is an error',
    send: [windowUpdate(2, 1)],
    expect: connection(PROTOCOL_ERROR),
  },
]

/** HEADERS can also be called a bad identifier (5.1.1), or by a signal that the other side knew better (5.1). */
const again: readonly Reaction[] = [stream(1, STREAM_CLOSED), connection(STREAM_CLOSED, PROTOCOL_ERROR)]
/** On a stream that is closed, content may be an error (6.1), and anything may be dropped as in flight (5.1). */
const dropped: readonly Reaction[] = [stream(1, STREAM_CLOSED), connection(STREAM_CLOSED), alive]
const droppedAgain: readonly Reaction[] = [...again, alive]
const trailers = headers(1, block(['a', 'b']), { end: true })

/** 5.1, half-closed (remote): the other side said that it sends no more. */
const halfClosed: Requirement[] = [
  {
    section: '5.1',
    role: 'server',
    title: 'DATA behind END_STREAM are an error',
    send: [headers(1, hold, { end: true }), content(1, 'x')],
    expect: [stream(1, STREAM_CLOSED), connection(STREAM_CLOSED)],
  },
  {
    section: '5.1',
    role: 'server',
    title: 'DATA behind DATA with END_STREAM are an error',
    send: [headers(1, hold), content(1, 'x', { end: true }), content(1, 'y')],
    expect: [stream(1, STREAM_CLOSED), connection(STREAM_CLOSED)],
  },
  {
    section: '5.1',
    role: 'server',
    title: 'HEADERS behind END_STREAM are an error',
    send: [headers(1, hold, { end: true }), trailers],
    expect: again,
  },
  {
    section: '5.1',
    role: 'server',
    title: 'HEADERS behind trailers are an error',
    send: [headers(1, hold), trailers, trailers],
    expect: again,
  },
  {
    section: '5.1',
    role: 'client',
    title: 'DATA behind END_STREAM are an error',
    send: (open) => [open(1, { end: true }), content(1, 'x')],
    expect: [stream(1, STREAM_CLOSED), connection(STREAM_CLOSED)],
  },
  {
    section: '5.1',
    role: 'client',
    title: 'HEADERS behind END_STREAM are an error',
    send: (open) => [open(1, { end: true }), trailers],
    expect: [stream(1, STREAM_CLOSED), connection(STREAM_CLOSED)],
  },
  {
    section: '5.1',
    role: 'both',
    title: 'WINDOW_UPDATE behind END_STREAM is taken',
    send: (open, role) => [
      role === 'server' ? headers(1, hold, { end: true }) : open(1, { end: true }),
      windowUpdate(1, 1),
    ],
    expect: alive,
  },
  {
    section: '5.1',
    role: 'both',
    title: 'PRIORITY behind END_STREAM is taken',
    send: (open, role) => [role === 'server' ? headers(1, hold, { end: true }) : open(1, { end: true }), priority(1)],
    expect: alive,
  },
  {
    section: '5.1',
    role: 'both',
    title: 'RST_STREAM behind END_STREAM ends the stream',
    send: (open, role) => [
      role === 'server' ? headers(1, hold, { end: true }) : open(1, { end: true }),
      rstStream(1, CANCEL),
    ],
    expect: alive,
    also: (peer) => {
      const [end] = peer.app.calls('end', 1)
      must(!(end?.ended?.code !== CANCEL || !end.ended.remote), 'no onEnd')
    },
  },
]

/** 5.1, closed: both sides ended, or the other side reset the stream. */
const over: Requirement[] = [
  {
    section: '5.1',
    role: 'server',
    title: 'DATA on a stream that both ended are an error or dropped',
    send: [headers(1, request(), { end: true }), content(1, 'x')],
    expect: dropped,
  },
  {
    section: '5.1',
    role: 'server',
    title: 'HEADERS on a stream that both ended are an error or dropped',
    send: [headers(1, request(), { end: true }), headers(1, request(), { end: true })],
    expect: droppedAgain,
  },
  {
    section: '5.1',
    role: 'server',
    title: 'WINDOW_UPDATE soon after both ended is taken',
    send: [headers(1, request(), { end: true }), windowUpdate(1, 1)],
    expect: answered(1),
  },
  {
    section: '5.1',
    role: 'server',
    title: 'RST_STREAM soon after both ended is taken',
    send: [headers(1, request(), { end: true }), rstStream(1, CANCEL)],
    expect: answered(1),
  },
  {
    section: '5.1',
    role: 'server',
    title: 'PRIORITY after both ended is taken',
    send: [headers(1, request(), { end: true }), priority(1)],
    expect: answered(1),
  },
  {
    section: '5.1',
    role: 'both',
    title: 'DATA behind RST_STREAM are an error or dropped',
    send: (open) => [open(1), rstStream(1, CANCEL), content(1, 'x')],
    expect: dropped,
  },
  {
    section: '5.1',
    role: 'both',
    title: 'HEADERS behind RST_STREAM are an error or dropped',
    send: (open) => [open(1), rstStream(1, CANCEL), trailers],
    expect: droppedAgain,
  },
  {
    section: '5.1',
    role: 'both',
    title: 'RST_STREAM behind RST_STREAM is not answered by one',
    send: (open) => [open(1), rstStream(1, CANCEL), rstStream(1, CANCEL)],
    expect: [alive, connection(STREAM_CLOSED)],
  },
  {
    section: '5.1',
    role: 'both',
    title: 'WINDOW_UPDATE behind RST_STREAM is dropped or an error',
    send: (open) => [open(1), rstStream(1, CANCEL), windowUpdate(1, 1)],
    expect: [alive, connection(STREAM_CLOSED)],
  },
  {
    section: '5.1',
    role: 'both',
    title: 'PRIORITY behind RST_STREAM is taken',
    send: (open) => [open(1), rstStream(1, CANCEL), priority(1)],
    expect: alive,
  },
]

const broken = headers(1, block(...requestFields, ['Upper', 'x']))
const learns = [...indexing('kept', 'in the table')]

/** 5.1, closed by our RST_STREAM: what was on its way is processed as little as possible, and dropped. */
const reset: Requirement[] = [
  {
    section: '5.1',
    role: 'server',
    title: 'DATA on a stream that this side reset are dropped',
    send: [broken, content(1, 'x'), content(1, 'y', { end: true })],
    expect: stream(1, PROTOCOL_ERROR),
  },
  {
    section: '5.1',
    role: 'server',
    title: 'RST_STREAM on a stream that this side reset is dropped',
    send: [broken, rstStream(1, CANCEL)],
    expect: stream(1, PROTOCOL_ERROR),
  },
  {
    section: '5.1',
    role: 'server',
    title: 'WINDOW_UPDATE on a stream that this side reset is dropped',
    send: [broken, windowUpdate(1, 5)],
    expect: stream(1, PROTOCOL_ERROR),
  },
  {
    section: '5.1',
    role: 'server',
    title: 'trailers of a stream that this side reset are dropped',
    send: [broken, trailers],
    expect: stream(1, PROTOCOL_ERROR),
  },
  {
    section: '4.3',
    role: 'server',
    title: 'trailers of a stream that this side reset still feed the table',
    send: [broken, headers(1, learns, { end: true }), headers(3, [...request(), ...indexed(62)], { end: true })],
    expect: stream(1, PROTOCOL_ERROR),
    also: (peer) => must(!!peer.app.calls('stream', 3)[0]?.fields?.includes('kept'), 'the table lost a field'),
  },
  {
    section: '4.3',
    role: 'server',
    title: 'a malformed block still feeds the table',
    send: [
      headers(1, [...learns, ...block(...requestFields, ['Upper', 'x'])]),
      headers(3, [...request(), ...indexed(62)], { end: true }),
    ],
    expect: stream(1, PROTOCOL_ERROR),
    also: (peer) => must(!!peer.app.calls('stream', 3)[0]?.fields?.includes('kept'), 'the table lost a field'),
  },
  {
    section: '6.9',
    role: 'server',
    title: 'content of a stream that this side reset is given back to the connection',
    send: [broken, ...Array.from({ length: 3 }, () => content(1, 'x'.repeat(16_000)))],
    expect: stream(1, PROTOCOL_ERROR),
    also: (peer) => must(!(peer.judge.windows.in(0) < 65_535 / 2), `${peer.judge.windows.in(0)} bytes left`),
  },
]

export const states: readonly Requirement[] = [...idle, ...halfClosed, ...over, ...reset]
