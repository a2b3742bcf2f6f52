import { ErrorCode } from '../error-code.js'
import { Inbound } from '../flow/inbound.js'
import { Outbound } from '../flow/outbound.js'
import { StallWatch } from '../flow/stall-watch.js'
import { StreamTable } from '../flow/stream-table.js'
import { writeGoaway, writeReset } from '../frame/control-frames.js'
import { DEFAULT_FRAME_BYTES, DEFAULT_WINDOW } from '../frame/frame-type.js'
import { MessageWriter } from '../frame/message-writer.js'
import { Output } from '../frame/output.js'
import { HpackEncoder } from '../hpack/encoder.js'
import type { ConnectionListener, HeaderBlock, StreamEnd } from '../http2.js'
import { Alarm } from '../limit/alarm.js'
import { type Limits, withDefaults } from '../limit/limits.js'
import { Police } from '../limit/police.js'
import type { Http2Options, Timers } from '../options.js'
import { ClosedStreams, Ending } from './closed-streams.js'
import { nameOf } from './error-name.js'
import type { Stream, StreamOwner } from './stream.js'

const maxConnectionWindow = 16 * 1024 * 1024
/** How long a connection keeps the buffer of a burst when its last stream is over, in ms. */
const keepMs = 10_000

/** Whose state it is. */
export interface CoreOwner {
  /** A stream is over. */
  onStreamOver(): void
  /** The connection is over. */
  onClosed(): void
}

/** The state of a connection that both ends share, and what can become of its streams. */
export class Core implements StreamOwner {
  readonly listener: ConnectionListener
  readonly isServer: boolean
  readonly limits: Limits
  readonly timers: Timers
  readonly output = new Output()
  readonly encoder = new HpackEncoder()
  readonly outbound: Outbound
  readonly inbound: Inbound
  readonly queueBytes: number
  /** The largest frame that is taken; the protocol allows no less than 16,384 bytes. */
  readonly maxFrameBytes: number
  readonly streams = new StreamTable<Stream>()
  readonly closedStreams: ClosedStreams
  closed = false
  /** While true, output is not announced: bytes are being received or taken. */
  busy = false
  /** The last stream of the other side that was taken, as GOAWAY says. */
  lastTaken = 0
  /** The connection closes when its last stream is over. */
  leaving = false
  readonly #police: Police
  /** Streams that both sides ended. */
  #finished = 0
  #stall: StallWatch<Stream> | undefined
  owner: CoreOwner | undefined
  #announced = false
  #pumping = false
  readonly #rest: Alarm

  constructor(isServer: boolean, listener: ConnectionListener, options: Http2Options) {
    const limits = withDefaults(options.limits)
    this.isServer = isServer
    this.listener = listener
    this.limits = limits
    this.timers = options.timers
    this.queueBytes = options.queueBytes ?? 65_536
    this.maxFrameBytes = Math.max(options.maxFrameBytes ?? DEFAULT_FRAME_BYTES, DEFAULT_FRAME_BYTES)
    this.outbound = new Outbound(new MessageWriter(this.output, this.encoder), this.timers)
    const maxWindow = Math.max(options.maxConnectionWindowBytes ?? maxConnectionWindow, DEFAULT_WINDOW)
    this.inbound = new Inbound(this.output, { streamWindow: options.streamWindowBytes ?? DEFAULT_WINDOW, maxWindow })
    this.closedStreams = new ClosedStreams(Math.max(1000, limits.maxConcurrentStreams))
    this.#police = new Police(limits, this.timers)
    this.#rest = new Alarm(this.timers)
  }

  /** Says that there is output, unless that was said. */
  settle(): void {
    if (this.busy) return
    this.limitOutput()
    if (this.#announced || this.output.pending === 0) return
    this.#announced = true
    this.listener.onOutput()
  }

  /** While the socket takes nothing, no more than so much output may gather. */
  limitOutput(): void {
    if (this.outbound.blocked && this.output.pending > this.limits.maxQueuedBytes) this.#readsTooSlowly()
  }

  /** Sends what can be sent of what is queued. */
  pump(): void {
    const { busy } = this
    this.busy = true
    this.#pumping = true
    try {
      if (!this.closed) this.outbound.pump()
    } catch (error) {
      this.crash(error)
    }
    this.#pumping = false
    this.busy = busy
  }

  /** A listener threw: nobody knows in what state that left the streams. */
  crash(cause: unknown): void {
    this.fail(ErrorCode.INTERNAL_ERROR, 'internal error', cause)
  }

  /** Hands out the output; what is queued goes with it as far as it may. */
  take(): readonly Uint8Array[] {
    this.pump()
    this.#announced = this.outbound.hasReady
    const chunks = this.output.take()
    if (this.#announced) this.listener.onOutput()
    return chunks
  }

  onLocalEnd(stream: Stream): void {
    if (stream.remoteEnded) this.finish(stream)
    else if (this.isServer) {
      writeReset(this.output, stream.id, ErrorCode.NO_ERROR)
      this.end(stream, here(ErrorCode.NO_ERROR, 'the response was complete before the request'), Ending.RESET_HERE)
    }
  }

  onQueued(): void {
    const { queuedBytes } = this.outbound
    if (queuedBytes > this.limits.maxQueuedBytes) this.#readsTooSlowly()
    else if (queuedBytes > 0 && !this.closed) this.#watch()
  }

  cancel(stream: Stream, code: ErrorCode): void {
    writeReset(this.output, stream.id, code)
    this.end(stream, here(code, 'reset by this side'), Ending.RESET_HERE)
  }

  /** Resets a stream for a fault of the other side. */
  fault(stream: Stream, code: ErrorCode, message: string): void {
    writeReset(this.output, stream.id, code)
    this.end(stream, here(code, message), Ending.RESET_HERE)
    this.countReset()
  }

  /** Resets a stream that is not there, for a fault of the other side. */
  refuse(streamId: number, code: ErrorCode, counted = true): void {
    writeReset(this.output, streamId, code)
    this.closedStreams.add(streamId, Ending.RESET_HERE)
    if (counted) this.countReset()
  }

  /** Counts a reset that the other side sent, or caused; on a server: what a client opens, it wants to pay for. */
  countReset(): void {
    if (this.isServer && !this.#police.admitsReset(this.#finished)) this.breach('resetsPerSecond', 'too many resets')
  }

  /** Counts a frame that carries nothing; false if that was one too many and the connection is closed. */
  countIdleFrame(): boolean {
    if (this.#police.admitsIdleFrame(this.outbound.dataFrames)) return true
    this.breach('idleFramesPerSecond', 'too many frames that carry nothing')
    return false
  }

  /** Both sides ended a stream. */
  finish(stream: Stream): void {
    this.#finished++
    this.#remove(stream, Ending.ENDED)
    this.#over()
  }

  /** A stream ends before its time. */
  end(stream: Stream, end: StreamEnd, ending: Ending): void {
    // A listener may have ended it while another one heard.
    if (this.streams.get(stream.id) !== stream) return
    this.#remove(stream, ending)
    stream.listener?.onEnd(end)
    this.#over()
  }

  /** Resets a stream for a header block that is too large. */
  faultTooLarge(stream: Stream, block: HeaderBlock): void {
    this.reportTooLarge(block)
    if (!stream.closed) this.fault(stream, ErrorCode.ENHANCE_YOUR_CALM, 'a header block is too large')
  }

  /** Tells which limit a header block broke. */
  reportTooLarge({ fields }: HeaderBlock): void {
    const tooMany = fields.length >= this.limits.maxHeaderFields * 2
    this.listener.onBreach?.(tooMany ? 'maxHeaderFields' : 'maxHeaderListBytes')
  }

  /** The other side broke a limit: the connection ends. */
  breach(limit: string, debug: string, code: ErrorCode = ErrorCode.ENHANCE_YOUR_CALM): void {
    if (this.closed) return
    this.listener.onBreach?.(limit)
    this.fail(code, debug)
  }

  /** Ends the connection with GOAWAY; returns false, so that a handler can end with it. */
  fail(code: ErrorCode, debug: string, cause?: unknown): false {
    // What could be sent before the bytes that are wrong is sent, wherever the chunk begins that they came in.
    if (this.busy && !this.#pumping) this.pump()
    if (this.closed) return false
    writeGoaway(this.output, { lastStreamId: this.lastTaken, code, debug })
    const message = `HTTP/2 ${nameOf(code)}: ${debug}`
    this.close(code === ErrorCode.NO_ERROR ? undefined : new Error(message, { cause }), here(code, message, true))
    return false
  }

  /** The connection closes when its last stream is over: now, if there is none. */
  leave(): void {
    this.leaving = true
    if (this.streams.size === 0) this.close(undefined, here(ErrorCode.NO_ERROR, 'left'))
  }

  /** The connection is over, and with it, for `end`, every stream that is left. */
  close(error: Error | undefined, end: StreamEnd): void {
    if (this.closed) return
    this.closed = true
    this.#stall?.stop()
    this.#rest.clear()
    this.owner?.onClosed()
    const problem = this.#endAll(end)
    this.listener.onClose(error ?? problem)
  }

  /** Ends every stream; returns what a listener threw at that. */
  #endAll(end: StreamEnd): Error | undefined {
    let problem: Error | undefined
    // None can send any more, whatever listeners do about another's end.
    for (const stream of this.streams.values()) stream.closed = true
    for (const stream of this.streams.values()) {
      try {
        this.end(stream, end, Ending.RESET_HERE)
      } catch (cause) {
        problem ??= new Error('http2: a listener threw', { cause })
      }
    }
    return problem
  }

  #remove(stream: Stream, ending: Ending): void {
    stream.closed = true
    this.streams.delete(stream.id)
    this.outbound.drop(stream)
    this.inbound.release(stream)
    if (!this.closed) this.inbound.giveBack()
    this.closedStreams.add(stream.id, ending)
  }

  #over(): void {
    if (this.closed) return
    this.owner?.onStreamOver()
    // Whoever hears that there is room may close the connection, or make the next request.
    if (this.closed || this.streams.size > 0) return
    this.listener.onIdle?.()
    if (this.closed) return
    if (this.leaving) this.close(undefined, here(ErrorCode.NO_ERROR, 'left'))
    else if (this.output.isLarge && !this.#rest.isSet) this.#rest.set(keepMs, () => this.#giveBack())
  }

  #giveBack(): void {
    if (this.streams.size === 0) this.output.release()
  }

  #watch(): void {
    this.#stall ??= new StallWatch(this.timers, this.limits.stalledStreamMs, (stream) => this.#onStalled(stream))
    this.#stall.start(this.streams)
  }

  #readsTooSlowly(): void {
    this.breach('maxQueuedBytes', 'reads too slowly')
  }

  #onStalled(stream: Stream): void {
    try {
      if (this.outbound.window <= 0 || this.outbound.blocked) this.breach('stalledStreamMs', 'no window for too long')
      else {
        this.listener.onBreach?.('stalledStreamMs')
        if (!stream.closed) this.cancel(stream, ErrorCode.ENHANCE_YOUR_CALM)
      }
    } catch (error) {
      this.crash(error)
    }
    this.settle()
  }
}

/** An end that this side made. */
function here(code: ErrorCode, message: string, connection = false): StreamEnd {
  return { code, message, remote: false, unprocessed: false, connection }
}
