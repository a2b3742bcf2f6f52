import { ErrorCode } from '../error-code.js'
import { CheckCache } from '../field/check-cache.js'
import { checkResponse, checkTrailers } from '../field/check-fields.js'
import { writeGoaway } from '../frame/control-frames.js'
import { MAX_31, PREFACE } from '../frame/frame-type.js'
import type { DecodedBlock } from '../hpack/decoder.js'
import type { ConnectionListener, Fields, Http2Client, Http2Stream, StreamListener } from '../http2.js'
import type { Http2Options } from '../options.js'
import { Ending } from './closed-streams.js'
import { Connection } from './connection.js'
import { Core } from './core.js'
import { Stream } from './stream.js'

/** Streams that are opened before the server said how many it takes. */
const earlyStreams = 100
const lengthProblem = 'content-length does not match'

/**
 * The client's end of a connection. The preface and its SETTINGS wait in the output from the start; `onOutput` is called
 * for what comes later.
 */
export class ClientConnection extends Connection implements Http2Client {
  readonly #responses = new CheckCache(checkResponse)
  readonly #trailers = new CheckCache(checkTrailers)
  #nextId = 1
  /** Of streams from this id on, nothing left this side yet. */
  #unsentFrom = 1

  constructor(listener: ConnectionListener, options: Http2Options) {
    const core = new Core(false, listener, options)
    super(core, options)
    core.output.push(new TextEncoder().encode(PREFACE))
    this.settings.send()
  }

  get capacity(): number {
    const { core, settings } = this
    if (core.closed || core.leaving || this.#nextId > MAX_31) return 0
    const most = settings.received ? settings.maxConcurrentStreams : earlyStreams
    return Math.max(0, Math.min(most - core.streams.size, (MAX_31 - this.#nextId) / 2 + 1))
  }

  request(constant: Fields, varying: Fields | undefined, endStream: boolean, listener: StreamListener): Http2Stream {
    const { core } = this
    if (this.capacity === 0) throw new Error('http2: no stream can be opened on this connection now')
    const stream = new Stream(this.#nextId, core, this.settings.receiveWindow)
    this.#nextId += 2
    stream.listener = listener
    stream.isHead = isHead(constant, varying)
    core.streams.set(stream.id, stream)
    stream.sendHeaders(constant, varying, endStream)
    return stream
  }

  override takeOutput(): readonly Uint8Array[] {
    const chunks = super.takeOutput()
    this.#unsentFrom = this.#nextId
    return chunks
  }

  isIdle(streamId: number): boolean {
    return streamId >= this.#nextId || (streamId & 1) === 0
  }

  shutDown(debug = ''): void {
    const { core } = this
    if (core.closed || core.leaving) return
    writeGoaway(core.output, { lastStreamId: 0, code: ErrorCode.NO_ERROR, debug })
    core.leave()
    core.settle()
  }

  /** What the server never heard of may be tried elsewhere. */
  protected override onLost(message: string): void {
    const { core } = this
    const end = { code: ErrorCode.CONNECT_ERROR, message, remote: true, unprocessed: true, connection: true }
    for (const stream of core.streams.values()) {
      if (stream.id >= this.#unsentFrom) core.end(stream, end, Ending.RESET_HERE)
    }
  }

  protected onGoaway(lastStreamId: number, code: ErrorCode, debug: string): void {
    const { core } = this
    const message = `the server leaves${debug === '' ? '' : `: ${debug}`}`
    core.leaving = true
    core.listener.onGoaway?.(code, debug)
    const end = { code, message, remote: true, unprocessed: true, connection: true }
    for (const stream of core.streams.values()) {
      if (stream.id > lastStreamId) core.end(stream, end, Ending.RESET_THERE)
    }
    core.leave()
  }

  onBlock(streamId: number, block: DecodedBlock, endStream: boolean): void {
    const { core } = this
    const stream = core.streams.get(streamId)
    if (stream === undefined) return void this.control.onGone(streamId, 'HEADERS')
    if (stream.remoteEnded) core.fault(stream, ErrorCode.STREAM_CLOSED, 'HEADERS behind the end of the stream')
    else if (block.tooLarge) core.faultTooLarge(stream, block)
    else if (stream.hasHeaders) this.#onTrailers(stream, block, endStream)
    else this.#onHeaders(stream, block, endStream)
  }

  #onHeaders(stream: Stream, block: DecodedBlock, endStream: boolean): void {
    const { core } = this
    const check = this.#responses.of(block)
    if (check.problem !== undefined) return void core.fault(stream, ErrorCode.PROTOCOL_ERROR, check.problem)
    if (check.status < 200) return void this.#onInformational(stream, block, endStream || check.status === 101)
    stream.hasHeaders = true
    stream.announced = stream.isHead || check.status === 204 || check.status === 304 ? -1 : check.contentLength
    if (endStream && stream.announced > 0) return void core.fault(stream, ErrorCode.PROTOCOL_ERROR, lengthProblem)
    stream.remoteEnded = endStream
    stream.listener?.onHeaders(block, endStream)
    this.#finishIfOver(stream)
  }

  #onInformational(stream: Stream, block: DecodedBlock, wrong: boolean): void {
    if (wrong)
      return void this.core.fault(stream, ErrorCode.PROTOCOL_ERROR, 'an informational response that is the last')
    if (this.core.countIdleFrame()) stream.listener?.onHeaders(block, false)
  }

  #onTrailers(stream: Stream, block: DecodedBlock, endStream: boolean): void {
    const { core } = this
    const { problem } = endStream ? this.#trailers.of(block) : { problem: 'trailers that do not end the stream' }
    if (problem !== undefined) return void core.fault(stream, ErrorCode.PROTOCOL_ERROR, problem)
    if (stream.announced >= 0 && stream.arrived !== stream.announced) {
      return void core.fault(stream, ErrorCode.PROTOCOL_ERROR, lengthProblem)
    }
    stream.remoteEnded = true
    stream.listener?.onTrailers(block)
    this.#finishIfOver(stream)
  }

  #finishIfOver(stream: Stream): void {
    if (stream.remoteEnded && stream.localEnded && !stream.closed) this.core.finish(stream)
  }

  override onStreamOver(): void {
    // One free place: just now there was none.
    if (this.capacity === 1) this.core.listener.onCapacity?.()
  }
}

/** True if the fields are those of a HEAD request. */
function isHead(constant: Fields, varying: Fields | undefined): boolean {
  return constant[0] === ':method' ? constant[1] === 'HEAD' : [...constant, ...(varying ?? [])].includes('HEAD')
}
