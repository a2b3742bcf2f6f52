import { ErrorCode } from '../../../../src/http2/error-code.js'
import { content, frame, goaway, headers, priority, pushPromise, rstStream, Type } from '../../peer/frames.js'
import { block, indexed, indexing, request, requestTo } from '../../peer/hpack-writer.js'
import { alive, answered, connection, must, type Requirement, stream } from '../case.js'

const { PROTOCOL_ERROR, STREAM_CLOSED, REFUSED_STREAM, FRAME_SIZE_ERROR, CANCEL } = ErrorCode
const hold = requestTo('/hold')
const learns = [...indexing('kept', 'in the table')]
const two = { limits: { maxConcurrentStreams: 2 } }
/** Both codes say that nothing was done, and the second one less so (5.1.2). */
const refused = stream(5, REFUSED_STREAM, PROTOCOL_ERROR)
const full = [headers(1, hold), headers(3, hold)]

/** 5.1.1: stream identifiers. */
const ids: Requirement[] = [
  {
    section: '5.1.1',
    role: 'server',
    title: 'a client may not open a stream with an even identifier',
    send: [headers(2, request(), { end: true })],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '5.1.1',
    role: 'server',
    title: 'an identifier lower than an earlier one is an error',
    send: [headers(5, request(), { end: true }), headers(3, request(), { end: true })],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '5.1.1',
    role: 'server',
    title: 'identifiers may be left out',
    send: [headers(1, hold, { end: true }), headers(99, request(), { end: true })],
    expect: answered(99),
  },
  {
    section: '5.1.1',
    role: 'server',
    title: 'a stream that was left out is closed: DATA are an error or dropped',
    send: [headers(5, request(), { end: true }), content(3, 'x')],
    expect: [stream(3, STREAM_CLOSED), connection(STREAM_CLOSED, PROTOCOL_ERROR), alive],
  },
  {
    section: '5.1.1',
    role: 'server',
    title: 'HEADERS on stream 0 are an error',
    send: [headers(0, request(), { end: true })],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '5.1.1',
    role: 'client',
    title: 'HEADERS on stream 0 are an error',
    send: (open) => [open(0)],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '5.1.1',
    role: 'client',
    title: 'HEADERS on a stream that was not opened are an error',
    send: (open) => [open(9)],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '5.1.1',
    role: 'client',
    title: 'a server may not open streams by HEADERS',
    send: (open) => [open(2)],
    expect: connection(PROTOCOL_ERROR),
  },
]

/** 5.1.2: how many streams at a time. */
const concurrency: Requirement[] = [
  {
    section: '5.1.2',
    role: 'server',
    title: 'a stream over the number that was advertised is refused alone',
    options: two,
    send: [...full, headers(5, hold), content(1, '', { end: true }), rstStream(1, CANCEL)],
    expect: refused,
  },
  {
    section: '5.1.2',
    role: 'server',
    title: 'what follows a refused stream is dropped',
    options: two,
    send: [
      ...full,
      headers(5, hold),
      content(5, 'x'),
      headers(5, block(['a', 'b']), { end: true }),
      rstStream(1, CANCEL),
    ],
    expect: refused,
  },
  {
    section: '5.1.2',
    role: 'server',
    title: 'a refused block still feeds the table',
    options: two,
    send: [
      ...full,
      headers(5, [...hold, ...learns]),
      rstStream(1, CANCEL),
      headers(7, [...request(), ...indexed(62)], { end: true }),
    ],
    expect: refused,
    also: (peer) => must(!!peer.app.calls('stream', 7)[0]?.fields?.includes('kept'), 'the table lost a field'),
  },
  {
    section: '5.1.2',
    role: 'server',
    title: 'a stream that ended makes room for another',
    options: two,
    send: [...full, content(1, '', { end: true }), rstStream(1, CANCEL), headers(5, request(), { end: true })],
    expect: answered(5),
  },
  {
    section: '5.1.2',
    role: 'server',
    title: 'a stream that was answered makes room for another',
    options: two,
    send: [
      headers(1, hold),
      headers(3, request(), { end: true }),
      headers(5, request(), { end: true }),
      headers(7, request(), { end: true }),
    ],
    expect: answered(7),
  },
]

/** 5.3: priorities, which are read over. */
const priorities: Requirement[] = [
  {
    section: '5.3',
    role: 'both',
    title: 'HEADERS with a priority are taken',
    send: (open) => [open(1, { dependsOn: 0, end: true })],
    expect: answered(1),
  },
  {
    section: '5.3',
    role: 'both',
    title: 'HEADERS with a priority and padding are taken',
    send: (open) => [open(1, { dependsOn: 11, pad: 7, end: true })],
    expect: answered(1),
  },
  // Calling this an error is left from RFC 7540; priorities mean nothing any more.
  {
    section: '5.3',
    role: 'both',
    title: 'HEADERS that depend on their own stream are taken or malformed',
    send: (open) => [open(1, { dependsOn: 1, end: true })],
    expect: [answered(1), stream(1, PROTOCOL_ERROR)],
  },
  {
    section: '5.3',
    role: 'both',
    title: 'PRIORITY that depends on its own stream is taken or an error of the stream',
    send: (open) => [open(1), priority(1, 1)],
    expect: [alive, stream(1, PROTOCOL_ERROR)],
  },
  {
    section: '6.3',
    role: 'both',
    title: 'PRIORITY on stream 0 is an error',
    send: [priority(0)],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.3',
    role: 'both',
    title: 'PRIORITY of four bytes is an error of the stream',
    send: (open) => [open(1), frame({ type: Type.PRIORITY, stream: 1 }, [0, 0, 0, 0])],
    expect: [stream(1, FRAME_SIZE_ERROR), connection(FRAME_SIZE_ERROR)],
  },
  {
    section: '6.3',
    role: 'both',
    title: 'PRIORITY of six bytes is an error of the stream',
    send: (open) => [open(1), frame({ type: Type.PRIORITY, stream: 1 }, [0, 0, 0, 0, 0, 0])],
    expect: [stream(1, FRAME_SIZE_ERROR), connection(FRAME_SIZE_ERROR)],
  },
  // RST_STREAM may not be sent on an idle stream (6.4), so what is wrong is wrong with the connection.
  {
    section: '6.3',
    role: 'both',
    title: 'PRIORITY of three bytes on an idle stream is an error',
    send: [frame({ type: Type.PRIORITY, stream: 99 }, [0, 0, 0])],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.3',
    role: 'both',
    title: 'PRIORITY of three bytes on an idle stream of the server is an error',
    send: [frame({ type: Type.PRIORITY, stream: 98 }, [0, 0, 0])],
    expect: connection(FRAME_SIZE_ERROR),
  },
]

/** 6.6 and 8.4: nobody pushes here. */
const push: Requirement[] = [
  {
    section: '8.4',
    role: 'server',
    title: 'a client may not push',
    send: [headers(1, hold), pushPromise(1, 2, request())],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.6',
    role: 'client',
    title: 'a server may not push where that is off',
    send: [pushPromise(1, 2, request())],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.6',
    role: 'both',
    title: 'PUSH_PROMISE on stream 0 is an error',
    send: [pushPromise(0, 2, request())],
    expect: connection(PROTOCOL_ERROR),
  },
]

/** 5.4: how errors are told. */
const errors: Requirement[] = [
  {
    section: '5.4.1',
    role: 'both',
    title: 'nothing is read behind an error of the connection',
    send: (open) => [content(9, 'x'), open(1, { end: true }), goaway(0, 0)],
    expect: connection(PROTOCOL_ERROR),
    also: (peer) => must(!(peer.app.calls('stream').length + peer.app.calls('headers').length > 0), 'read on'),
  },
  {
    section: '5.4.1',
    role: 'server',
    title: 'GOAWAY names the last stream that was taken',
    send: [headers(1, request(), { end: true }), headers(7, hold), content(99, 'x')],
    expect: connection(PROTOCOL_ERROR),
    also: (peer) => must(!(peer.judge.goaways[0]?.last !== 7), `named ${peer.judge.goaways[0]?.last}`),
  },
  {
    section: '5.4.2',
    role: 'both',
    title: 'RST_STREAM is not answered by RST_STREAM',
    send: (open) => [open(1), rstStream(1, 0x7fff_ffff)],
    expect: alive,
  },
]

export const streams: readonly Requirement[] = [...ids, ...concurrency, ...priorities, ...push, ...errors]
