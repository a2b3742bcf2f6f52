import { ErrorCode } from '../error-code.js'
import { readUint31, readUint32 } from '../frame/bytes.js'
import { type Frame, FrameReader, type FrameSink } from '../frame/frame-reader.js'
import { Flag, FrameType } from '../frame/frame-type.js'
import type { DecodedBlock } from '../hpack/decoder.js'
import type { Http2Connection } from '../http2.js'
import { Alarm } from '../limit/alarm.js'
import type { Http2Options } from '../options.js'
import { BlockAssembly, type BlockSink } from './block-assembly.js'
import { ControlHandler, debugOf, type StreamSpace } from './control-handler.js'
import type { Core, CoreOwner } from './core.js'
import { DataHandler } from './data-handler.js'
import { nameOf } from './error-name.js'
import { Pings } from './pings.js'
import { SettingsExchange } from './settings-exchange.js'

/** What both ends do alike: takes bytes, hands every frame to who knows its type, and gives output. */
export abstract class Connection implements Http2Connection, FrameSink, BlockSink, StreamSpace, CoreOwner {
  protected readonly core: Core
  protected readonly pings: Pings
  protected readonly settings: SettingsExchange
  protected readonly control: ControlHandler
  readonly #assembly: BlockAssembly
  readonly #options: Http2Options
  #content: DataHandler | undefined
  readonly #reader: FrameReader
  readonly #handshake: Alarm
  /** What the other side said in its last GOAWAY. */
  #farewell = ''
  #farewellCode: ErrorCode = ErrorCode.CONNECT_ERROR
  /** Chunks that came while another was being read. */
  #backlog: Uint8Array[] | undefined

  constructor(core: Core, options: Http2Options) {
    this.core = core
    this.pings = new Pings(core.output)
    this.settings = new SettingsExchange(core)
    this.control = new ControlHandler(core, this.pings, this)
    this.#assembly = new BlockAssembly(core, this)
    this.#options = options
    this.#reader = new FrameReader(this, core.maxFrameBytes)
    this.#handshake = new Alarm(core.timers)
    this.#handshake.set(core.limits.handshakeMs, () => this.#onLate())
    core.owner = this
  }

  /** Takes a header block. */
  abstract onBlock(streamId: number, block: DecodedBlock, endStream: boolean): void
  /** Takes GOAWAY: streams above the last one were not, and will not be, looked at. */
  protected abstract onGoaway(lastStreamId: number, code: ErrorCode, debug: string): void
  abstract isIdle(streamId: number): boolean
  abstract shutDown(debug?: string): void

  get streamCount(): number {
    return this.core.streams.size
  }

  get closed(): boolean {
    return this.core.closed
  }

  get peerHeaderListBytes(): number {
    return this.settings.maxHeaderListBytes
  }

  receive(chunk: Uint8Array): void {
    const { core } = this
    if (core.closed) return
    if (core.busy) {
      this.#backlog ??= []
      this.#backlog.push(chunk)
      return
    }
    core.busy = true
    try {
      this.read(chunk)
      while (this.#backlog !== undefined) this.#readBacklog()
    } catch (error) {
      core.crash(error)
    }
    core.pump()
    core.busy = false
    core.settle()
  }

  receiveEnd(error?: Error): void {
    const { core } = this
    const what = error === undefined ? 'the other side closed the connection' : 'the connection broke'
    const message = this.#farewell === '' ? what : `${what}: ${this.#farewell}`
    const cause = core.streams.size > 0 ? new Error(message) : undefined
    const code = this.#farewellCode
    if (!core.closed) this.onLost(message)
    core.close(error ?? cause, { code, message, remote: true, unprocessed: false, connection: true })
  }

  takeOutput(): readonly Uint8Array[] {
    return this.core.take()
  }

  setBlocked(blocked: boolean): void {
    const { core } = this
    core.outbound.blocked = blocked
    if (core.busy) return
    if (!blocked) core.pump()
    core.settle()
  }

  ping(answered: () => void): void {
    if (this.core.closed) return
    this.pings.send(answered)
    this.core.settle()
  }

  abort(code: ErrorCode, debug: string): void {
    this.core.fail(code, debug)
    this.core.settle()
  }

  onFrame(frame: Frame): boolean {
    const { core } = this
    if (!this.settings.received && !this.#isPreface(frame)) return false
    if (this.#assembly.isOpen) this.#assembly.onContinuation(frame)
    else if (frame.type === FrameType.DATA) this.#onData(frame)
    else if (frame.type === FrameType.HEADERS) this.#onHeaders(frame)
    else this.#onOther(frame)
    // After each frame, for what the output comes to must not depend on how the bytes were cut.
    if (core.outbound.blocked) core.limitOutput()
    return !core.closed
  }

  onOversize(frame: Frame): void {
    this.core.fail(ErrorCode.FRAME_SIZE_ERROR, `a frame of type ${frame.type} is too large`)
  }

  /** Reads a chunk; a server looks for the preface first. */
  protected read(chunk: Uint8Array, start = 0): void {
    this.#reader.read(chunk, start)
  }

  /** The socket is gone. */
  protected onLost(_message: string): void {}

  onStreamOver(): void {}

  onClosed(): void {
    this.#handshake.clear()
    this.#assembly.stop()
  }

  #readBacklog(): void {
    const chunks = this.#backlog ?? []
    this.#backlog = undefined
    for (const chunk of chunks) if (!this.core.closed) this.read(chunk)
  }

  #onData(frame: Frame): void {
    this.#content ??= new DataHandler(this.core, this.pings, this.#options)
    if (frame.streamId === 0) this.core.fail(ErrorCode.PROTOCOL_ERROR, 'DATA on stream 0')
    else if (!this.#content.onData(frame) && !this.core.closed) this.control.onGone(frame.streamId, 'DATA')
  }

  #onHeaders(frame: Frame): void {
    if (frame.streamId === 0) this.core.fail(ErrorCode.PROTOCOL_ERROR, 'HEADERS on stream 0')
    else this.#assembly.onHeaders(frame)
  }

  #onOther(frame: Frame): void {
    const { control, core } = this
    switch (frame.type) {
      case FrameType.WINDOW_UPDATE:
        return void control.onWindowUpdate(frame)
      case FrameType.RST_STREAM:
        return void control.onReset(frame)
      case FrameType.PING:
        return void control.onPing(frame)
      case FrameType.SETTINGS:
        return void this.#onSettings(frame)
      case FrameType.GOAWAY:
        return void this.#onGoaway(frame)
      case FrameType.PRIORITY:
        return void control.onPriority(frame)
      case FrameType.PUSH_PROMISE:
        return void core.fail(ErrorCode.PROTOCOL_ERROR, 'PUSH_PROMISE is not wanted')
      case FrameType.CONTINUATION:
        return void core.fail(ErrorCode.PROTOCOL_ERROR, 'CONTINUATION of nothing')
      default:
        core.countIdleFrame()
    }
  }

  /** The first frame is SETTINGS, and no acknowledgement. */
  #isPreface(frame: Frame): boolean {
    if (frame.type === FrameType.SETTINGS && (frame.flags & Flag.ACK) === 0) return true
    return this.core.fail(ErrorCode.PROTOCOL_ERROR, 'the first frame is not SETTINGS')
  }

  #onSettings(frame: Frame): void {
    const { core, settings } = this
    if (!core.countIdleFrame()) return
    if ((frame.flags & Flag.ACK) !== 0) {
      if (!settings.acknowledged && settings.receiveAck(frame)) this.#assembly.onSettingsAcknowledged()
      else settings.receiveAck(frame)
    } else if (settings.receive(frame)) this.#onSettingsApplied()
    if (settings.received && settings.acknowledged) this.#handshake.clear()
  }

  #onSettingsApplied(): void {
    const { core, settings } = this
    const first = !settings.received
    settings.received = true
    if (first) core.listener.onReady?.()
    if (!core.closed) core.listener.onCapacity?.()
  }

  #onGoaway(frame: Frame): void {
    const { core } = this
    if (frame.streamId !== 0) return void core.fail(ErrorCode.PROTOCOL_ERROR, 'GOAWAY on a stream')
    if (frame.end - frame.start < 8) return void core.fail(ErrorCode.FRAME_SIZE_ERROR, 'GOAWAY of a wrong length')
    if (!core.countIdleFrame()) return
    const { bytes, start } = frame
    const code = readUint32(bytes, start + 4)
    const debug = debugOf(frame)
    if (code !== ErrorCode.NO_ERROR) this.#farewellCode = code
    this.#farewell = code === ErrorCode.NO_ERROR ? debug : `${nameOf(code)} ${debug}`.trim()
    this.onGoaway(readUint31(bytes, start), code, debug)
  }

  #onLate(): void {
    const debug = this.settings.received ? 'SETTINGS were not acknowledged' : 'no SETTINGS came'
    this.core.breach('handshakeMs', debug, ErrorCode.SETTINGS_TIMEOUT)
    this.core.settle()
  }
}
