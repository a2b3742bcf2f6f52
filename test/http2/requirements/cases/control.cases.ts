import { ErrorCode } from '../../../../src/http2/error-code.js'
import { frame, headers, ping, rstStream, settings, Type, u32, windowUpdate } from '../../peer/frames.js'
import { requestTo } from '../../peer/hpack-writer.js'
import type { Peer } from '../../peer/peer.js'
import { alive, connection, must, type Requirement, stream } from '../case.js'

const { PROTOCOL_ERROR, FRAME_SIZE_ERROR, FLOW_CONTROL_ERROR, CANCEL, INTERNAL_ERROR } = ErrorCode
const hold = requestTo('/hold')
const LARGEST = 2 ** 31 - 1

const endedWith = (code: number) => (peer: Peer) => {
  const ended = peer.app.calls('end', 1)[0]?.ended
  must(ended?.code === code && ended.remote, `onEnd said ${JSON.stringify(ended)}`)
}

/** 6.4: RST_STREAM. */
const resets: Requirement[] = [
  {
    section: '6.4',
    role: 'both',
    title: 'RST_STREAM ends the stream and says why',
    send: (open) => [open(1), rstStream(1, INTERNAL_ERROR)],
    expect: alive,
    also: endedWith(INTERNAL_ERROR),
  },
  {
    section: '7',
    role: 'both',
    title: 'a code that no specification names is passed on',
    send: (open) => [open(1), rstStream(1, 0xcafe)],
    expect: alive,
    also: endedWith(0xcafe),
  },
  {
    section: '6.4',
    role: 'both',
    title: 'RST_STREAM on stream 0 is an error',
    send: [rstStream(0, CANCEL)],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.4',
    role: 'both',
    title: 'RST_STREAM of three bytes is an error',
    send: (open) => [open(1), frame({ type: Type.RST_STREAM, stream: 1 }, [0, 0, 8])],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.4',
    role: 'both',
    title: 'RST_STREAM of five bytes is an error',
    send: (open) => [open(1), frame({ type: Type.RST_STREAM, stream: 1 }, [0, 0, 0, 8, 0])],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.4',
    role: 'both',
    title: 'RST_STREAM without payload is an error',
    send: (open) => [open(1), frame({ type: Type.RST_STREAM, stream: 1 })],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '8.7',
    role: 'client',
    title: 'REFUSED_STREAM says that nothing was done',
    send: [rstStream(1, ErrorCode.REFUSED_STREAM)],
    expect: alive,
    also: (peer) => must(peer.app.calls('end', 1)[0]?.ended?.unprocessed === true, 'not so'),
  },
  {
    section: '8.7',
    role: 'client',
    title: 'another code does not say that nothing was done',
    send: [rstStream(1, CANCEL)],
    expect: alive,
    also: (peer) => must(peer.app.calls('end', 1)[0]?.ended?.unprocessed === false, 'not so'),
  },
]

const answers =
  (...expected: string[]) =>
  (peer: Peer) =>
    must(peer.judge.answers.slice(0, expected.length).join() === expected.join(), peer.judge.answers.join())

/** 6.7: PING. */
const pings: Requirement[] = [
  {
    section: '6.7',
    role: 'both',
    title: 'PING is answered with the same bytes, in order',
    send: [ping('abcdefgh'), ping('\0\0\0\0\0\0\0\xff')],
    expect: alive,
    also: answers('abcdefgh', '\0\0\0\0\0\0\0\xff'),
  },
  {
    section: '6.7',
    role: 'both',
    title: 'an answer is not answered',
    send: [ping('abcdefgh', true)],
    expect: alive,
    also: (peer) => must(!peer.judge.answers.includes('abcdefgh'), 'it was'),
  },
  {
    section: '6.7',
    role: 'both',
    title: 'PING on a stream is an error',
    send: (open) => [open(1), frame({ type: Type.PING, stream: 1 }, '12345678')],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.7',
    role: 'both',
    title: 'PING of seven bytes is an error',
    send: [ping('1234567')],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.7',
    role: 'both',
    title: 'PING of nine bytes is an error',
    send: [ping('123456789')],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.7',
    role: 'both',
    title: 'PING without payload is an error',
    send: [ping('')],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.7',
    role: 'both',
    title: 'an answer of six bytes is an error',
    send: [ping('123456', true)],
    expect: connection(FRAME_SIZE_ERROR),
  },
]

/** 6.8: GOAWAY that is wrong. */
const goaways: Requirement[] = [
  {
    section: '6.8',
    role: 'both',
    title: 'GOAWAY on a stream is an error',
    send: (open) => [open(1), frame({ type: Type.GOAWAY, stream: 1 }, new Uint8Array(8))],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.8',
    role: 'both',
    title: 'GOAWAY of seven bytes is an error',
    send: [frame({ type: Type.GOAWAY }, new Uint8Array(7))],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.8',
    role: 'both',
    title: 'GOAWAY without payload is an error',
    send: [frame({ type: Type.GOAWAY })],
    expect: connection(FRAME_SIZE_ERROR),
  },
]

const onStream = (increment: number) => [headers(1, hold), windowUpdate(1, increment)]

/** 6.9: WINDOW_UPDATE. */
const windows: Requirement[] = [
  {
    section: '6.9',
    role: 'both',
    title: 'an increment of 0 on the connection is an error',
    send: [windowUpdate(0, 0)],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.9',
    role: 'both',
    title: 'an increment of 0 on a stream is an error of the stream',
    send: (open) => [open(1), windowUpdate(1, 0)],
    expect: stream(1, PROTOCOL_ERROR),
  },
  {
    section: '6.9',
    role: 'server',
    title: 'an increment of 0 counts behind END_STREAM too',
    send: [headers(1, hold, { end: true }), windowUpdate(1, 0)],
    expect: stream(1, PROTOCOL_ERROR),
  },
  {
    section: '6.9',
    role: 'both',
    title: 'the reserved bit before an increment is ignored',
    send: (open) => [open(1), frame({ type: Type.WINDOW_UPDATE, stream: 1 }, u32(2 ** 31 + 5))],
    expect: alive,
  },
  {
    section: '6.9',
    role: 'both',
    title: 'an increment of 0 behind the reserved bit is an error',
    send: [frame({ type: Type.WINDOW_UPDATE }, u32(2 ** 31))],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.9',
    role: 'both',
    title: 'WINDOW_UPDATE of three bytes is an error',
    send: [frame({ type: Type.WINDOW_UPDATE }, [0, 0, 1])],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.9',
    role: 'both',
    title: 'WINDOW_UPDATE of five bytes is an error',
    send: [frame({ type: Type.WINDOW_UPDATE }, [0, 0, 0, 0, 1])],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.9',
    role: 'both',
    title: 'WINDOW_UPDATE of three bytes on a stream is an error of the connection',
    send: (open) => [open(1), frame({ type: Type.WINDOW_UPDATE, stream: 1 }, [0, 0, 1])],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.9.1',
    role: 'both',
    title: 'a window of the connection may grow to 2^31 - 1',
    send: [windowUpdate(0, LARGEST - 65_535)],
    expect: alive,
  },
  {
    section: '6.9.1',
    role: 'both',
    title: 'a window of the connection over 2^31 - 1 is an error',
    send: [windowUpdate(0, LARGEST)],
    expect: connection(FLOW_CONTROL_ERROR),
  },
  {
    section: '6.9.1',
    role: 'both',
    title: 'a window of the connection over 2^31 - 1 by small steps is an error',
    send: [windowUpdate(0, LARGEST - 65_535), windowUpdate(0, 1)],
    expect: connection(FLOW_CONTROL_ERROR),
  },
  {
    section: '6.9.1',
    role: 'server',
    title: 'the window of a stream may grow to 2^31 - 1',
    send: onStream(LARGEST - 65_535),
    expect: alive,
  },
  {
    section: '6.9.1',
    role: 'both',
    title: 'the window of a stream over 2^31 - 1 is an error of the stream',
    send: (open) => [open(1), windowUpdate(1, LARGEST)],
    expect: stream(1, FLOW_CONTROL_ERROR),
  },
  {
    section: '6.9.1',
    role: 'server',
    title: 'the window of a stream over 2^31 - 1 by small steps is an error of the stream',
    send: [...onStream(LARGEST - 65_535), windowUpdate(1, 1)],
    expect: stream(1, FLOW_CONTROL_ERROR),
  },
  {
    section: '6.9.2',
    role: 'both',
    title: 'SETTINGS that push the window of a stream over 2^31 - 1 are an error',
    send: (open) => [open(1), windowUpdate(1, 65_535), settings(4, LARGEST)],
    expect: connection(FLOW_CONTROL_ERROR),
  },
  {
    section: '6.9.2',
    role: 'both',
    title: 'SETTINGS do not touch the window of the connection',
    send: [windowUpdate(0, LARGEST - 65_535), settings(4, LARGEST)],
    expect: alive,
  },
]

export const control: readonly Requirement[] = [...resets, ...pings, ...goaways, ...windows]
