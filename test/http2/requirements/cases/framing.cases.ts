import { ErrorCode } from '../../../../src/http2/error-code.js'
import { content, continuation, frame, headers, settings, Type } from '../../peer/frames.js'
import { block, request, requestFields } from '../../peer/hpack-writer.js'
import { alive, answered, connection, must, type Requirement, stream, unknown } from '../case.js'

const { PROTOCOL_ERROR, FRAME_SIZE_ERROR } = ErrorCode
/** 4.1: the frame format, and 5.5: what may be added to it. */
const format: Requirement[] = [
  {
    section: '4.1',
    role: 'both',
    title: 'a frame of unknown type on the connection is ignored',
    send: [unknown(0)],
    expect: alive,
  },
  {
    section: '4.1',
    role: 'both',
    title: 'a frame of unknown type without payload is ignored',
    send: [unknown(0, '')],
    expect: alive,
  },
  {
    section: '4.1',
    role: 'both',
    title: 'a frame of unknown type on an idle stream is ignored',
    send: [unknown(77)],
    expect: alive,
  },
  {
    section: '4.1',
    role: 'both',
    title: 'a frame of unknown type on an open stream is ignored, whatever its flags',
    send: (open) => [open(1), unknown(1, 'x', 255), content(1, '', { end: true })],
    expect: answered(1),
  },
  {
    section: '4.1',
    role: 'both',
    title: 'flags without meaning are ignored',
    send: [frame({ type: Type.PING, flags: 0xfe }, '12345678')],
    expect: alive,
    also: (peer) => must(!!peer.judge.answers.includes('12345678'), 'no answer'),
  },
  {
    section: '4.1',
    role: 'both',
    title: 'flags of HEADERS without meaning are ignored',
    send: (_, role) => [
      frame(
        { type: Type.HEADERS, flags: 0xd5 & ~0x08, stream: 1 },
        role === 'server' ? request() : block([':status', '200']),
      ),
    ],
    expect: answered(1),
  },
  {
    section: '4.1',
    role: 'both',
    title: 'the reserved bit before the stream is ignored',
    send: [frame({ type: Type.PING, reserved: true }, '12345678')],
    expect: alive,
  },
  {
    section: '4.1',
    role: 'both',
    title: 'the reserved bit before a stream that is not 0 is ignored',
    send: (open) => [open(1), frame({ type: Type.DATA, flags: 1, stream: 1, reserved: true }, 'x')],
    expect: answered(1),
  },
  {
    section: '5.5',
    role: 'both',
    title: 'an unknown frame between frames of a stream is ignored',
    send: (open) => [open(1), unknown(0), content(1, 'a'), unknown(1), content(1, 'b', { end: true })],
    expect: answered(1),
  },
  {
    section: '5.5',
    role: 'both',
    title: 'an unknown frame within a header block is an error',
    send: (open) => [open(1, { last: false }), unknown(1), continuation(1, [])],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '5.5',
    role: 'both',
    title: 'an unknown setting is ignored and acknowledged',
    send: [settings(0xff, 1, 0xf0, 2 ** 32 - 1)],
    expect: alive,
  },
]

/** 4.2: the size of frames. */
const size: Requirement[] = [
  {
    section: '4.2',
    role: 'both',
    title: 'DATA of 16,384 bytes are taken',
    send: (open) => [open(1), content(1, 'x'.repeat(16_384), { end: true })],
    expect: answered(1),
  },
  // 4.2 leaves open whether DATA that are too large cost the stream or the connection.
  {
    section: '4.2',
    role: 'both',
    title: 'DATA of 16,385 bytes are an error',
    send: (open) => [open(1), content(1, 'x'.repeat(16_385), { end: true })],
    expect: [connection(FRAME_SIZE_ERROR), stream(1, FRAME_SIZE_ERROR)],
  },
  {
    section: '4.2',
    role: 'both',
    title: 'an oversized header block is an error of the connection',
    send: [headers(1, block(...requestFields, ['x', 'y'.repeat(16_384)]), { end: true })],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '4.2',
    role: 'both',
    title: 'an oversized CONTINUATION is an error of the connection',
    send: (open) => [open(1, { last: false }), continuation(1, block(['x', 'y'.repeat(16_384)]))],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '4.2',
    role: 'both',
    title: 'oversized SETTINGS are an error of the connection',
    send: [frame({ type: Type.SETTINGS }, new Uint8Array(16_386))],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '4.2',
    role: 'both',
    title: 'an oversized frame of unknown type on the connection is an error',
    send: [unknown(0, 'x'.repeat(16_385))],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '4.2',
    role: 'both',
    title: 'an oversized frame is refused by its header alone',
    send: [frame({ type: Type.SETTINGS, length: 0xffffff })],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '4.2',
    role: 'both',
    title: 'DATA of the size that was advertised are taken',
    options: { maxFrameBytes: 20_000 },
    send: (open) => [open(1), content(1, 'x'.repeat(20_000), { end: true })],
    expect: answered(1),
  },
  {
    section: '4.2',
    role: 'both',
    title: 'DATA over the size that was advertised are an error',
    options: { maxFrameBytes: 20_000 },
    send: (open) => [open(1), content(1, 'x'.repeat(20_001), { end: true })],
    expect: [connection(FRAME_SIZE_ERROR), stream(1, FRAME_SIZE_ERROR)],
  },
]

export const framing: readonly Requirement[] = [...format, ...size]
