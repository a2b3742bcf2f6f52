import type { ErrorCode } from '../error-code.js'
import { Flag, FrameType, HEADER_BYTES } from './frame-type.js'
import type { Output } from './output.js'

const debugBytes = 256

/** Writes RST_STREAM. */
export function writeReset(output: Output, streamId: number, code: ErrorCode): void {
  output.reserve(HEADER_BYTES + 4)
  output.header(4, FrameType.RST_STREAM << 8, streamId)
  output.uint32(code)
}

/** Writes WINDOW_UPDATE; stream 0 is the connection. */
export function writeWindowUpdate(output: Output, streamId: number, increment: number): void {
  output.reserve(HEADER_BYTES + 4)
  output.header(4, FrameType.WINDOW_UPDATE << 8, streamId)
  output.uint32(increment)
}

/** Writes PING with eight bytes in two halves. */
export function writePing(output: Output, high: number, low: number): void {
  output.reserve(HEADER_BYTES + 8)
  output.header(8, FrameType.PING << 8, 0)
  output.uint32(high)
  output.uint32(low)
}

/** Answers PING with the eight bytes that stand at `at`. */
export function writePingAck(output: Output, bytes: Uint8Array, at: number): void {
  output.reserve(HEADER_BYTES + 8)
  output.header(8, (FrameType.PING << 8) | Flag.ACK, 0)
  output.copy(bytes, at, at + 8)
}

/** Writes SETTINGS: ids and values in turn. */
export function writeSettings(output: Output, settings: readonly number[]): void {
  const length = settings.length * 3
  output.reserve(HEADER_BYTES + length)
  output.header(length, FrameType.SETTINGS << 8, 0)
  for (let index = 0; index < settings.length; index += 2) {
    const id = settings[index] as number
    output.bytes[output.at] = id >>> 8
    output.bytes[output.at + 1] = id
    output.at += 2
    output.uint32(settings[index + 1] as number)
  }
}

/** Acknowledges SETTINGS. */
export function writeSettingsAck(output: Output): void {
  output.reserve(HEADER_BYTES)
  output.header(0, (FrameType.SETTINGS << 8) | Flag.ACK, 0)
}

/** What GOAWAY says. */
export interface Goaway {
  readonly lastStreamId: number
  readonly code: ErrorCode
  /** For people; its first 256 bytes are sent. */
  readonly debug: string
}

/** Writes GOAWAY. */
export function writeGoaway(output: Output, { lastStreamId, code, debug }: Goaway): void {
  const text = new TextEncoder().encode(debug).subarray(0, debugBytes)
  output.reserve(HEADER_BYTES + 8 + text.length)
  output.header(8 + text.length, FrameType.GOAWAY << 8, 0)
  output.uint32(lastStreamId)
  output.uint32(code)
  output.copy(text, 0, text.length)
}
