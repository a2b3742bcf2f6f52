import { ErrorCode } from '../../../src/http2/error-code.js'
import {
  content,
  continuation,
  headers,
  joined,
  ping,
  rstStream,
  settings,
  windowUpdate,
} from '../../http2/peer/frames.js'
import { block, literal, requestTo } from '../../http2/peer/hpack-writer.js'
import { Traffic } from '../process/traffic.js'
import type { Attacker } from './attacker.js'

/** One way to harm a server. */
export interface Attack {
  /** Keeps at it, until it is cut or has done its worst. */
  run(attacker: Attacker): Promise<void>
  /** What the server says when it cuts the attacker: one of these. */
  readonly codes: readonly number[]
  readonly debug?: RegExp
}

const { ENHANCE_YOUR_CALM, CANCEL, FLOW_CONTROL_ERROR, STREAM_CLOSED } = ErrorCode
/** The header block of a call, of a method that there is unless another is named. */
export const callOf = (path: string = Traffic.methods.one.path): Uint8Array =>
  requestTo(path, ['content-type', 'application/grpc'], ['te', 'trailers'])

const call = callOf()
const BATCH = 100

/** Client streams have odd numbers. */
const id = (count: number): number => 2 * count + 1

/** So many frames of a kind in one write. */
const many = (frame: Uint8Array, count = BATCH): Uint8Array => joined(Array.from({ length: count }, () => frame))

/** So many streams in one write, each with the frames that `frames` gives for it. */
const streams = (turn: number, frames: (stream: number) => readonly Uint8Array[]): Uint8Array =>
  joined(Array.from({ length: BATCH }, (_, at) => id(turn * BATCH + at)).flatMap(frames))

/** Opens 20,000 streams and spoils each. */
const spoil = (frames: (stream: number) => readonly Uint8Array[], ...codes: number[]): Attack => ({
  run: (attacker) => attacker.flood(20_000 / BATCH, (turn) => streams(turn, (s) => [headers(s, call), ...frames(s)])),
  codes: [ENHANCE_YOUR_CALM, ...codes],
})

/** Sends a frame a million times. */
const repeat = (frame: Uint8Array, debug?: RegExp): Attack => {
  const batch = many(frame)
  return {
    run: (attacker) => attacker.flood(1_000_000 / BATCH, () => batch),
    codes: [ENHANCE_YOUR_CALM],
    ...(debug && { debug }),
  }
}

/** Attacks that a server puts an end to, by name. */
export const attacks: Readonly<Record<string, Attack>> = {
  'rapid reset': spoil((stream) => [rstStream(stream, CANCEL)]),
  'rapid reset of calls that are answered at once': {
    run: (attacker) =>
      attacker.flood(20_000 / BATCH, (turn) =>
        streams(turn, (s) => [headers(s, callOf('/a/b')), rstStream(s, CANCEL)]),
      ),
    codes: [ENHANCE_YOUR_CALM],
  },
  'provoked resets, by empty WINDOW_UPDATE': spoil((stream) => [windowUpdate(stream, 0)]),
  'provoked resets, by WINDOW_UPDATE over the limit': spoil((stream) => [windowUpdate(stream, 2 ** 31 - 1)]),
  'provoked resets, by DATA after the end': spoil(
    (stream) => [content(stream, '', { end: true }), content(stream, 'x')],
    STREAM_CLOSED,
  ),
  'provoked resets, by HEADERS after the end': spoil(
    (stream) => [content(stream, '', { end: true }), headers(stream, call, { end: true })],
    STREAM_CLOSED,
  ),
  'provoked resets, by malformed requests': {
    run: (attacker) =>
      attacker.flood(20_000 / BATCH, (turn) => streams(turn, (s) => [headers(s, block([':method', 'POST']))])),
    codes: [ENHANCE_YOUR_CALM],
  },
  'streams over the limit': {
    run: (attacker) => attacker.flood(20_000 / BATCH, (turn) => streams(turn, (s) => [headers(s, call)])),
    codes: [ENHANCE_YOUR_CALM],
  },
  'a flood of CONTINUATION': {
    run: async (attacker) => {
      await attacker.send(headers(1, call, { last: false }))
      await attacker.flood(10_000, () => continuation(1, Uint8Array.from(literal('x-a', 'a')), false))
    },
    codes: [ENHANCE_YOUR_CALM],
  },
  'a flood of empty CONTINUATION': {
    run: async (attacker) => {
      await attacker.send(headers(1, call, { last: false }))
      await attacker.flood(10_000, () => continuation(1, '', false))
    },
    codes: [ENHANCE_YOUR_CALM],
  },
  'a flood of SETTINGS': repeat(settings()),
  'a flood of SETTINGS that change the table': repeat(settings(1, 0, 1, 4096)),
  'a flood of PING': repeat(ping(), /^too_many_pings$/),
  'a flood of empty DATA': {
    run: async (attacker) => {
      await attacker.send(headers(1, call))
      await attacker.flood(10_000, () => many(content(1, '')))
    },
    codes: [ENHANCE_YOUR_CALM],
  },
  'WINDOW_UPDATE over the limit of the connection': {
    run: (attacker) => attacker.flood(10, () => windowUpdate(0, 2 ** 31 - 1)),
    codes: [FLOW_CONTROL_ERROR],
  },
}
