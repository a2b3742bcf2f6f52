import { Buffer } from 'node:buffer'
import { ErrorCode } from '../error-code.js'
import type { Frame } from '../frame/frame-reader.js'
import { Flag, FrameType } from '../frame/frame-type.js'
import { type DecodedBlock, HpackDecoder } from '../hpack/decoder.js'
import { Alarm } from '../limit/alarm.js'
import type { Core } from './core.js'

const tableBytes = 4096
const priorityBytes = 5

/** Takes header blocks, once they are complete. */
export interface BlockSink {
  onBlock(streamId: number, block: DecodedBlock, endStream: boolean): void
}

/** Puts header blocks together from HEADERS and CONTINUATION, and decodes them in the order of the wire. */
export class BlockAssembly {
  readonly #core: Core
  readonly #sink: BlockSink
  #decoder: HpackDecoder | undefined
  #acknowledged = false
  #parts: Uint8Array[] | undefined
  #late: Alarm | undefined
  #streamId = 0
  #endStream = false

  constructor(core: Core, sink: BlockSink) {
    this.#core = core
    this.#sink = sink
  }

  /** True while a block is not complete: only its CONTINUATION may follow. */
  get isOpen(): boolean {
    return this.#parts !== undefined
  }

  /** The table size that this side advertised is in force. */
  onSettingsAcknowledged(): void {
    this.#acknowledged = true
    this.#decoder?.setTableBytes(this.#core.limits.headerTableBytes)
  }

  onHeaders(frame: Frame): void {
    const { bytes, flags, streamId } = frame
    let { start, end } = frame
    if ((flags & (Flag.PADDED | Flag.PRIORITY)) !== 0) {
      if ((flags & Flag.PADDED) !== 0) {
        end -= start < end ? (bytes[start] as number) : 0
        start++
      }
      if ((flags & Flag.PRIORITY) !== 0) start += priorityBytes
      if (start > end) return void this.#core.fail(ErrorCode.PROTOCOL_ERROR, 'HEADERS: padding or priority too long')
    }
    const endStream = (flags & Flag.END_STREAM) !== 0
    const part = bytes.subarray(start, end)
    if ((flags & Flag.END_HEADERS) !== 0) return void this.#decode(streamId, part, endStream)
    this.#parts = [part]
    this.#streamId = streamId
    this.#endStream = endStream
    this.#late ??= new Alarm(this.#core.timers)
    this.#late.set(this.#core.limits.handshakeMs, () => this.#onLate())
  }

  /** Takes the frame behind a block that is not complete. */
  onContinuation(frame: Frame): void {
    const core = this.#core
    const parts = this.#parts
    if (frame.type !== FrameType.CONTINUATION || parts === undefined || frame.streamId !== this.#streamId) {
      return void core.fail(ErrorCode.PROTOCOL_ERROR, 'a header block is not continued')
    }
    if (parts.length > core.limits.maxContinuations) {
      return void core.breach('maxContinuations', 'too many CONTINUATION frames')
    }
    parts.push(frame.bytes.subarray(frame.start, frame.end))
    if ((frame.flags & Flag.END_HEADERS) === 0) return
    this.#parts = undefined
    this.#late?.clear()
    this.#decode(this.#streamId, Buffer.concat(parts), this.#endStream)
  }

  /** Waits for nothing any more. */
  stop(): void {
    this.#late?.clear()
  }

  #onLate(): void {
    this.#core.breach('handshakeMs', 'a header block does not end')
    this.#core.settle()
  }

  #decode(streamId: number, part: Uint8Array, endStream: boolean): void {
    let block: DecodedBlock
    try {
      this.#decoder ??= this.#newDecoder()
      block = this.#decoder.decode(part)
    } catch (error) {
      return void this.#core.fail(ErrorCode.COMPRESSION_ERROR, error instanceof Error ? error.message : '')
    }
    this.#sink.onBlock(streamId, block, endStream)
  }

  /** Many a connection is kept open and never used. */
  #newDecoder(): HpackDecoder {
    const { maxHeaderListBytes, maxHeaderFields, headerTableBytes } = this.#core.limits
    const decoder = new HpackDecoder({ maxListBytes: maxHeaderListBytes, maxFields: maxHeaderFields, tableBytes })
    if (this.#acknowledged) decoder.setTableBytes(headerTableBytes)
    return decoder
  }
}
