import { Buffer } from 'node:buffer'
import { ErrorCode } from '../error-code.js'
import { readUint31, readUint32 } from '../frame/bytes.js'
import { writePingAck } from '../frame/control-frames.js'
import type { Frame } from '../frame/frame-reader.js'
import { Flag, MAX_31 } from '../frame/frame-type.js'
import { Ending } from './closed-streams.js'
import type { Core } from './core.js'
import type { Pings } from './pings.js'

/** What the control frames need to know of the end they are on. */
export interface StreamSpace {
  /** True if no stream of this id was ever opened. */
  isIdle(streamId: number): boolean
}

/** Takes the frames that carry no content: all but HEADERS, CONTINUATION, DATA, SETTINGS and GOAWAY. */
export class ControlHandler {
  readonly #core: Core
  readonly #pings: Pings
  readonly #space: StreamSpace

  constructor(core: Core, pings: Pings, space: StreamSpace) {
    this.#core = core
    this.#pings = pings
    this.#space = space
  }

  onWindowUpdate(frame: Frame): boolean {
    const core = this.#core
    const { streamId, start, end } = frame
    if (end - start !== 4) return core.fail(ErrorCode.FRAME_SIZE_ERROR, 'WINDOW_UPDATE of a wrong length')
    if (!core.countIdleFrame()) return false
    const increment = readUint31(frame.bytes, start)
    if (streamId === 0) return this.#widenConnection(increment)
    const stream = core.streams.get(streamId)
    if (stream === undefined) return this.#mustNotBeIdle(streamId, 'WINDOW_UPDATE')
    if (increment === 0) core.fault(stream, ErrorCode.PROTOCOL_ERROR, 'WINDOW_UPDATE of 0')
    else if (!core.outbound.widen(stream, increment)) {
      core.fault(stream, ErrorCode.FLOW_CONTROL_ERROR, 'WINDOW_UPDATE makes the window too large')
    }
    return true
  }

  onReset(frame: Frame): boolean {
    const core = this.#core
    const { streamId, start } = frame
    if (frame.end - start !== 4) return core.fail(ErrorCode.FRAME_SIZE_ERROR, 'RST_STREAM of a wrong length')
    if (streamId === 0) return core.fail(ErrorCode.PROTOCOL_ERROR, 'RST_STREAM on stream 0')
    const stream = core.streams.get(streamId)
    if (stream === undefined) {
      core.closedStreams.resetAfterEnd(streamId)
      return this.#mustNotBeIdle(streamId, 'RST_STREAM') && core.countIdleFrame()
    }
    const code = readUint32(frame.bytes, start)
    const unprocessed = code === ErrorCode.REFUSED_STREAM
    const end = { code, message: 'reset by the other side', remote: true, unprocessed, connection: false }
    core.end(stream, end, Ending.RESET_THERE)
    core.countReset()
    return true
  }

  onPing(frame: Frame): boolean {
    const core = this.#core
    if (frame.streamId !== 0) return core.fail(ErrorCode.PROTOCOL_ERROR, 'PING on a stream')
    if (frame.end - frame.start !== 8) return core.fail(ErrorCode.FRAME_SIZE_ERROR, 'PING of a wrong length')
    if ((frame.flags & Flag.ACK) !== 0) return this.#pings.receive(frame.bytes, frame.start) || core.countIdleFrame()
    if (!core.countIdleFrame()) return false
    writePingAck(core.output, frame.bytes, frame.start)
    core.listener.onPing?.()
    return true
  }

  /** Priorities are not followed. */
  onPriority(frame: Frame): boolean {
    const core = this.#core
    if (frame.streamId === 0) return core.fail(ErrorCode.PROTOCOL_ERROR, 'PRIORITY on stream 0')
    if (!core.countIdleFrame()) return false
    if (frame.end - frame.start === 5) return true
    const stream = core.streams.get(frame.streamId)
    const problem = 'PRIORITY of a wrong length'
    if (stream !== undefined) core.fault(stream, ErrorCode.FRAME_SIZE_ERROR, problem)
    // A stream that is idle cannot be reset.
    else if (this.#space.isIdle(frame.streamId)) return core.fail(ErrorCode.FRAME_SIZE_ERROR, problem)
    return true
  }

  /** Takes content of a stream that is not there; only some time after this side reset it is that no fault. */
  onGone(streamId: number, what: string): boolean {
    const core = this.#core
    if (this.#space.isIdle(streamId)) return core.fail(ErrorCode.PROTOCOL_ERROR, `${what} on an idle stream`)
    const ending = core.closedStreams.of(streamId)
    if (ending === Ending.RESET_HERE) return core.countIdleFrame()
    if (ending !== Ending.RESET_THERE) return core.fail(ErrorCode.STREAM_CLOSED, `${what} on a closed stream`)
    core.refuse(streamId, ErrorCode.STREAM_CLOSED)
    return true
  }

  #widenConnection(increment: number): boolean {
    const { outbound } = this.#core
    if (increment === 0) return this.#core.fail(ErrorCode.PROTOCOL_ERROR, 'WINDOW_UPDATE of 0')
    outbound.window += increment
    if (outbound.window <= MAX_31) return true
    return this.#core.fail(ErrorCode.FLOW_CONTROL_ERROR, 'WINDOW_UPDATE makes the window too large')
  }

  #mustNotBeIdle(streamId: number, what: string): boolean {
    if (!this.#space.isIdle(streamId)) return true
    return this.#core.fail(ErrorCode.PROTOCOL_ERROR, `${what} on an idle stream`)
  }
}

/** What a GOAWAY frame says behind its first eight bytes, as text. */
export function debugOf(frame: Frame): string {
  return Buffer.from(frame.bytes.subarray(frame.start + 8, Math.min(frame.end, frame.start + 264))).toString('utf8')
}
