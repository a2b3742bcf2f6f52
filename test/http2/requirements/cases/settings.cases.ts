import { ErrorCode } from '../../../../src/http2/error-code.js'
import { frame, Setting, settings, settingsAck, Type } from '../../peer/frames.js'
import type { Peer } from '../../peer/peer.js'
import { alive, connection, must, type Requirement } from '../case.js'

const { PROTOCOL_ERROR, FRAME_SIZE_ERROR, FLOW_CONTROL_ERROR } = ErrorCode
const LARGEST = 2 ** 31 - 1
const acks = (peer: Peer): number =>
  peer.judge.frames.filter(({ type, flags }) => type === Type.SETTINGS && flags === 1).length
const set = (id: number, value: number) => [settings(id, value)]

/** 6.5: SETTINGS. */
const setting: Requirement[] = [
  {
    section: '6.5',
    role: 'both',
    title: 'SETTINGS are acknowledged, each once',
    send: [settings(), settings(4, 70_000), settings()],
    expect: alive,
    also: (peer) => must(acks(peer) === 4, `${acks(peer)} times`),
  },
  {
    section: '6.5',
    role: 'both',
    title: 'an acknowledgement with payload is an error',
    send: [frame({ type: Type.SETTINGS, flags: 1 }, [0, 4, 0, 0, 0, 9])],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.5',
    role: 'both',
    title: 'an acknowledgement of one byte is an error',
    send: [frame({ type: Type.SETTINGS, flags: 1 }, [0])],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.5',
    role: 'both',
    title: 'SETTINGS on a stream are an error',
    send: (open) => [open(1), frame({ type: Type.SETTINGS, stream: 1 })],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.5',
    role: 'both',
    title: 'an acknowledgement on a stream is an error',
    send: (open) => [open(1), frame({ type: Type.SETTINGS, flags: 1, stream: 1 })],
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.5',
    role: 'both',
    title: 'SETTINGS of seven bytes are an error',
    send: [frame({ type: Type.SETTINGS }, new Uint8Array(7))],
    expect: connection(FRAME_SIZE_ERROR),
  },
  {
    section: '6.5',
    role: 'both',
    title: 'SETTINGS of three bytes are an error',
    send: [frame({ type: Type.SETTINGS }, new Uint8Array(3))],
    expect: connection(FRAME_SIZE_ERROR),
  },
  // Nobody waits for it: RFC 9113 names no error.
  {
    section: '6.5.3',
    role: 'both',
    title: 'an acknowledgement that nobody waits for is dropped or an error',
    send: [settingsAck()],
    expect: [alive, connection(PROTOCOL_ERROR)],
  },
  {
    section: '6.5.2',
    role: 'server',
    title: 'a client may allow push',
    send: set(Setting.ENABLE_PUSH, 1),
    expect: alive,
  },
  { section: '6.5.2', role: 'both', title: 'push may be off', send: set(Setting.ENABLE_PUSH, 0), expect: alive },
  {
    section: '6.5.2',
    role: 'client',
    title: 'a server may not allow push',
    send: set(Setting.ENABLE_PUSH, 1),
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'ENABLE_PUSH of 2 is an error',
    send: set(Setting.ENABLE_PUSH, 2),
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'INITIAL_WINDOW_SIZE of 2^31 is an error',
    send: set(Setting.INITIAL_WINDOW_SIZE, 2 ** 31),
    expect: connection(FLOW_CONTROL_ERROR),
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'INITIAL_WINDOW_SIZE of 2^32 - 1 is an error',
    send: set(Setting.INITIAL_WINDOW_SIZE, 2 ** 32 - 1),
    expect: connection(FLOW_CONTROL_ERROR),
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'INITIAL_WINDOW_SIZE of 2^31 - 1 is taken',
    send: set(Setting.INITIAL_WINDOW_SIZE, LARGEST),
    expect: alive,
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'MAX_FRAME_SIZE of 16,383 is an error',
    send: set(Setting.MAX_FRAME_SIZE, 16_383),
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'MAX_FRAME_SIZE of 2^24 is an error',
    send: set(Setting.MAX_FRAME_SIZE, 2 ** 24),
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'MAX_FRAME_SIZE of 0 is an error',
    send: set(Setting.MAX_FRAME_SIZE, 0),
    expect: connection(PROTOCOL_ERROR),
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'MAX_FRAME_SIZE of 16,384 is taken',
    send: set(Setting.MAX_FRAME_SIZE, 16_384),
    expect: alive,
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'MAX_FRAME_SIZE of 2^24 - 1 is taken',
    send: set(Setting.MAX_FRAME_SIZE, 2 ** 24 - 1),
    expect: alive,
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'HEADER_TABLE_SIZE of 0 is kept to',
    send: (open) => [settings(1, 0), open(1, { end: true })],
    expect: alive,
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'HEADER_TABLE_SIZE of 2^32 - 1 is taken',
    send: (open) => [settings(1, 2 ** 32 - 1), open(1, { end: true })],
    expect: alive,
  },
  {
    section: '6.5.2',
    role: 'server',
    title: 'MAX_CONCURRENT_STREAMS of 0 is taken',
    send: set(Setting.MAX_CONCURRENT_STREAMS, 0),
    expect: alive,
  },
  {
    section: '6.5.2',
    role: 'both',
    title: 'MAX_HEADER_LIST_SIZE of 2^32 - 1 is taken',
    send: set(Setting.MAX_HEADER_LIST_SIZE, 2 ** 32 - 1),
    expect: alive,
  },
  {
    section: '6.5.3',
    role: 'both',
    title: 'of a setting that is repeated the last value holds',
    send: [settings(5, 16_384, 4, 1, 4, 65_535)],
    expect: alive,
  },
  {
    section: '6.5.3',
    role: 'both',
    title: 'a wrong value is an error wherever it stands',
    send: [settings(5, 1, 5, 16_384)],
    expect: connection(PROTOCOL_ERROR),
  },
]

export const settingsRules: readonly Requirement[] = [...setting]
