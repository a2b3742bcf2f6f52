import { ErrorCode } from '../error-code.js'
import { CheckCache } from '../field/check-cache.js'
import { checkRequest, checkTrailers } from '../field/check-fields.js'
import { writeGoaway, writeReset } from '../frame/control-frames.js'
import { MAX_31, PREFACE } from '../frame/frame-type.js'
import type { DecodedBlock } from '../hpack/decoder.js'
import type { ConnectionListener } from '../http2.js'
import { Alarm } from '../limit/alarm.js'
import type { Http2Options } from '../options.js'
import { Ending } from './closed-streams.js'
import { Connection } from './connection.js'
import { Core } from './core.js'
import { Stream } from './stream.js'

const tooLarge = [':status', '431']
/** Refused streams that are not held against a client which did not hear yet how many it may open. */
const mostForgiven = 4000
/** How long a client may take to hear that the server leaves. */
const leaveMs = 5000

/**
 * The server's end of a connection. Its SETTINGS wait in the output from the start; `onOutput` is called for what comes
 * later.
 */
export class ServerConnection extends Connection {
  readonly #requests = new CheckCache(checkRequest)
  readonly #trailers = new CheckCache(checkTrailers)
  #leave: Alarm | undefined
  /** How much of the preface was read. */
  #prefaceAt = 0
  /** The highest id that was seen. */
  #lastSeen = 0
  /** True if the client left out ids: not every lower one was a stream then. */
  #skipped = false
  /** Streams above are not looked at: the second GOAWAY said so. */
  #cutoff = MAX_31
  #goingAway = false
  #forgiven = 0

  constructor(listener: ConnectionListener, options: Http2Options) {
    super(new Core(true, listener, options), options)
    this.settings.send()
  }

  isIdle(streamId: number): boolean {
    return streamId > this.#lastSeen || (streamId & 1) === 0
  }

  shutDown(debug = ''): void {
    const { core } = this
    if (core.closed || this.#goingAway) return
    this.#goingAway = true
    writeGoaway(core.output, { lastStreamId: MAX_31, code: ErrorCode.NO_ERROR, debug })
    const takeNoMore = (): void => this.#takeNoMore(debug)
    this.#leave = new Alarm(core.timers)
    this.#leave.set(leaveMs, takeNoMore)
    this.pings.send(takeNoMore)
    core.settle()
  }

  protected override read(chunk: Uint8Array): void {
    let at = 0
    while (this.#prefaceAt < PREFACE.length) {
      if (at === chunk.length) return
      if (chunk[at++] !== PREFACE.charCodeAt(this.#prefaceAt++)) {
        this.core.fail(ErrorCode.PROTOCOL_ERROR, 'this is not HTTP/2')
        return
      }
    }
    super.read(chunk, at)
  }

  override onClosed(): void {
    super.onClosed()
    this.#leave?.clear()
  }

  protected onGoaway(_lastStreamId: number, code: ErrorCode, debug: string): void {
    this.core.listener.onGoaway?.(code, debug)
  }

  onBlock(streamId: number, block: DecodedBlock, endStream: boolean): void {
    const { core } = this
    if (streamId > this.#lastSeen && (streamId & 1) === 1) return void this.#onRequest(streamId, block, endStream)
    const stream = core.streams.get(streamId)
    if (stream !== undefined) this.#onTrailers(stream, block, endStream)
    else if ((streamId & 1) === 0) core.fail(ErrorCode.PROTOCOL_ERROR, 'HEADERS on a stream of the server')
    else if (this.#skipped && core.closedStreams.of(streamId) === Ending.UNKNOWN) {
      core.fail(ErrorCode.PROTOCOL_ERROR, 'HEADERS with an id that was passed over')
    } else this.control.onGone(streamId, 'HEADERS')
  }

  #onRequest(streamId: number, block: DecodedBlock, endStream: boolean): void {
    const { core } = this
    if (streamId !== this.#lastSeen + 2 && streamId !== 1) this.#skipped = true
    this.#lastSeen = streamId
    if (streamId > this.#cutoff) return void this.#ignore(streamId)
    if (core.streams.size >= core.limits.maxConcurrentStreams) return void this.#refuse(streamId)
    if (block.tooLarge) return void this.#answerTooLarge(streamId, block, endStream)
    const check = this.#requests.of(block)
    const mismatch = endStream && check.contentLength > 0
    if (check.problem !== undefined || mismatch) return void core.refuse(streamId, ErrorCode.PROTOCOL_ERROR)
    core.lastTaken = streamId
    const stream = new Stream(streamId, core, this.settings.receiveWindow)
    stream.hasHeaders = true
    stream.announced = check.contentLength
    stream.remoteEnded = endStream
    core.streams.set(streamId, stream)
    this.#offer(stream, block, endStream)
  }

  #refuse(streamId: number): void {
    const forgiven = !this.settings.acknowledged && this.#forgiven < mostForgiven
    if (forgiven) this.#forgiven++
    this.core.refuse(streamId, ErrorCode.REFUSED_STREAM, !forgiven)
  }

  /** Passes over a stream that came after this side left: the client knows that it was not looked at. */
  #ignore(streamId: number): void {
    this.core.closedStreams.add(streamId, Ending.RESET_HERE)
    this.core.countIdleFrame()
  }

  #offer(stream: Stream, block: DecodedBlock, endStream: boolean): void {
    const { listener } = this.core
    if (listener.onStream === undefined) return void this.core.cancel(stream, ErrorCode.REFUSED_STREAM)
    stream.listener = listener.onStream(stream, block, endStream)
  }

  #onTrailers(stream: Stream, block: DecodedBlock, endStream: boolean): void {
    const { core } = this
    if (stream.remoteEnded)
      return void core.fault(stream, ErrorCode.STREAM_CLOSED, 'HEADERS behind the end of the stream')
    if (block.tooLarge) return void core.faultTooLarge(stream, block)
    const { problem } = endStream ? this.#trailers.of(block) : { problem: 'trailers that do not end the stream' }
    if (problem !== undefined) return void core.fault(stream, ErrorCode.PROTOCOL_ERROR, problem)
    if (stream.announced >= 0 && stream.announced !== stream.arrived) {
      return void core.fault(stream, ErrorCode.PROTOCOL_ERROR, 'content-length does not match')
    }
    stream.remoteEnded = true
    stream.listener?.onTrailers(block)
    if (stream.localEnded && !stream.closed) core.finish(stream)
  }

  /** The request is not looked at, but it is known what is wrong with it. */
  #answerTooLarge(streamId: number, block: DecodedBlock, endStream: boolean): void {
    this.core.reportTooLarge(block)
    if (this.core.closed) return
    const { closedStreams, outbound, output } = this.core
    outbound.writer.end(outbound.writer.headers(streamId, tooLarge, undefined))
    if (!endStream) writeReset(output, streamId, ErrorCode.NO_ERROR)
    closedStreams.add(streamId, endStream ? Ending.ENDED : Ending.RESET_HERE)
  }

  /** The second step of leaving: from here on, streams are not looked at. */
  #takeNoMore(debug: string): void {
    const { core } = this
    if (core.closed || core.leaving) return
    this.#leave?.clear()
    this.#cutoff = core.lastTaken
    writeGoaway(core.output, { lastStreamId: core.lastTaken, code: ErrorCode.NO_ERROR, debug })
    core.leave()
    core.settle()
  }
}
