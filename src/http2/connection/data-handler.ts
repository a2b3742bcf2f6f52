import { ErrorCode } from '../error-code.js'
import { WindowTuner } from '../flow/window-tuner.js'
import { writeSettings } from '../frame/control-frames.js'
import type { Frame } from '../frame/frame-reader.js'
import { Flag, Setting } from '../frame/frame-type.js'
import type { Http2Options } from '../options.js'
import type { Core } from './core.js'
import type { Pings } from './pings.js'
import type { Stream } from './stream.js'

const maxStreamWindow = 4 * 1024 * 1024

/** Takes DATA, and gives windows that fit the link. */
export class DataHandler {
  readonly #core: Core
  readonly #pings: Pings
  readonly #tuner = new WindowTuner()
  readonly #maxStreamWindow: number

  constructor(core: Core, pings: Pings, options: Http2Options) {
    this.#core = core
    this.#pings = pings
    this.#maxStreamWindow = Math.max(options.maxStreamWindowBytes ?? maxStreamWindow, core.inbound.streamTarget)
  }

  /** Takes a frame of content; false if its stream is not there. */
  onData(frame: Frame): boolean {
    const core = this.#core
    const { streamId, end } = frame
    const length = end - frame.start
    if (!core.inbound.receive(length)) return core.fail(ErrorCode.FLOW_CONTROL_ERROR, 'over the connection window')
    const padding = (frame.flags & Flag.PADDED) === 0 ? 0 : 1 + (length > 0 ? (frame.bytes[frame.start] as number) : 0)
    if (padding > length) return core.fail(ErrorCode.PROTOCOL_ERROR, 'DATA: padding too long')
    const stream = core.streams.get(streamId)
    if (stream !== undefined) this.#onContent(stream, frame, padding)
    if (core.closed) return false
    core.inbound.giveBack()
    if (length > 0) this.#measure(length)
    return stream !== undefined
  }

  #onContent(stream: Stream, frame: Frame, padding: number): void {
    const core = this.#core
    const length = frame.end - frame.start
    const content = length - padding
    const endStream = (frame.flags & Flag.END_STREAM) !== 0
    stream.receiveWindow -= length
    stream.arrived += content
    if (stream.remoteEnded)
      return void core.fault(stream, ErrorCode.STREAM_CLOSED, 'content behind the end of the stream')
    if (stream.receiveWindow < 0) return void core.fault(stream, ErrorCode.FLOW_CONTROL_ERROR, 'over the stream window')
    const problem = problemOf(stream, endStream)
    if (problem !== undefined) return void core.fault(stream, ErrorCode.PROTOCOL_ERROR, problem)
    if (content === 0 && !endStream && !core.countIdleFrame()) return
    if (endStream) stream.remoteEnded = true
    if (padding > 0) core.inbound.owe(stream, padding)
    if (content === 0 && !endStream) return
    core.inbound.hold(stream, content)
    const start = padding === 0 ? frame.start : frame.start + 1
    stream.listener?.onData(frame.bytes.subarray(start, start + content), endStream)
    if (endStream && stream.localEnded && !stream.closed) core.finish(stream)
  }

  /** Asks how long a round trip is, once enough arrives for that to matter. */
  #measure(bytes: number): void {
    const { inbound } = this.#core
    const full = inbound.target >= inbound.maxWindow && inbound.streamTarget >= this.#maxStreamWindow
    if (!full && this.#tuner.receive(bytes, this.#narrowest())) this.#pings.send(this.#onAnswer)
  }

  readonly #onAnswer = (): void => {
    const { inbound } = this.#core
    const window = this.#narrowest()
    if (!this.#tuner.answered(window)) return
    if (inbound.streamTarget <= window) this.#growStreams(Math.min(window * 2, this.#maxStreamWindow))
    if (inbound.target <= window) inbound.grow(Math.min(window * 2, inbound.maxWindow))
  }

  /** The window that holds the other side back first, of those that may grow. */
  #narrowest(): number {
    const { inbound } = this.#core
    if (inbound.streamTarget >= this.#maxStreamWindow) return inbound.target
    return inbound.target >= inbound.maxWindow ? inbound.streamTarget : Math.min(inbound.target, inbound.streamTarget)
  }

  /** Windows of streams grow by a setting, which widens the open ones too. */
  #growStreams(target: number): void {
    const { inbound, output, streams } = this.#core
    const more = target - inbound.streamTarget
    if (more <= 0) return
    inbound.streamTarget = target
    for (const stream of streams.values()) stream.receiveWindow += more
    writeSettings(output, [Setting.INITIAL_WINDOW_SIZE, target])
  }
}

/** What is wrong with what arrived so far. */
function problemOf(stream: Stream, endStream: boolean): string | undefined {
  if (!stream.hasHeaders) return 'content before headers'
  if (stream.announced < 0) return undefined
  const wrong = stream.arrived > stream.announced || (endStream && stream.arrived !== stream.announced)
  return wrong ? 'content-length does not match' : undefined
}
