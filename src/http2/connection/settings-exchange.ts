import { ErrorCode } from '../error-code.js'
import { readUint32 } from '../frame/bytes.js'
import { writeSettings, writeSettingsAck } from '../frame/control-frames.js'
import type { Frame } from '../frame/frame-reader.js'
import { DEFAULT_FRAME_BYTES, DEFAULT_WINDOW, MAX_31, Setting } from '../frame/frame-type.js'
import type { Core } from './core.js'

const settingBytes = 6
const maxFrameBytes = 0xff_ffff
/** Streams take turns by frames: larger ones would keep the others waiting. */
const mostSent = 65_536

/** The settings of both sides. */
export class SettingsExchange {
  readonly #core: Core
  /** Streams that the other side lets us open; as good as unlimited unless it says so. */
  maxConcurrentStreams = MAX_31
  /** The largest header block that the other side takes. */
  maxHeaderListBytes = Number.POSITIVE_INFINITY
  /** The first SETTINGS of the other side arrived; ours were acknowledged. */
  received = false
  acknowledged = false

  constructor(core: Core) {
    this.#core = core
  }

  /** Sends what this side admits. */
  send(): void {
    const core = this.#core
    const settings: number[] = []
    const add = (id: number, value: number, initial: number): void => {
      if (value !== initial) settings.push(id, value)
    }
    if (core.isServer) settings.push(Setting.MAX_CONCURRENT_STREAMS, core.limits.maxConcurrentStreams)
    else settings.push(Setting.ENABLE_PUSH, 0)
    add(Setting.HEADER_TABLE_SIZE, core.limits.headerTableBytes, 4096)
    add(Setting.INITIAL_WINDOW_SIZE, core.inbound.streamTarget, DEFAULT_WINDOW)
    add(Setting.MAX_FRAME_SIZE, core.maxFrameBytes, DEFAULT_FRAME_BYTES)
    settings.push(Setting.MAX_HEADER_LIST_SIZE, core.limits.maxHeaderListBytes)
    writeSettings(core.output, settings)
    core.inbound.grow(Math.min(core.inbound.streamTarget, core.inbound.maxWindow))
  }

  /** The window of a stream that opens now: a small one is in force only once it was acknowledged. */
  get receiveWindow(): number {
    const { streamTarget } = this.#core.inbound
    return this.acknowledged ? streamTarget : Math.max(streamTarget, DEFAULT_WINDOW)
  }

  /** Takes SETTINGS; returns false if they are wrong. */
  receive(frame: Frame): boolean {
    const core = this.#core
    const length = frame.end - frame.start
    if (frame.streamId !== 0) return core.fail(ErrorCode.PROTOCOL_ERROR, 'SETTINGS on a stream')
    if (length % settingBytes !== 0) return core.fail(ErrorCode.FRAME_SIZE_ERROR, 'SETTINGS of a wrong length')
    let window = core.outbound.initialWindow
    for (let at = frame.start; at < frame.end; at += settingBytes) {
      const id = ((frame.bytes[at] as number) << 8) | (frame.bytes[at + 1] as number)
      const value = readUint32(frame.bytes, at + 2)
      if (id === Setting.INITIAL_WINDOW_SIZE) window = value
      if (!this.#apply(id, value)) return false
    }
    if (!this.#setWindow(window)) return false
    writeSettingsAck(core.output)
    return true
  }

  /** Takes the acknowledgement of ours. */
  receiveAck(frame: Frame): boolean {
    const core = this.#core
    if (frame.streamId !== 0) return core.fail(ErrorCode.PROTOCOL_ERROR, 'SETTINGS on a stream')
    if (frame.end !== frame.start) return core.fail(ErrorCode.FRAME_SIZE_ERROR, 'SETTINGS: an ACK with content')
    if (this.acknowledged) return true
    const surplus = this.receiveWindow - core.inbound.streamTarget
    this.acknowledged = true
    if (surplus > 0) for (const stream of core.streams.values()) stream.receiveWindow -= surplus
    return true
  }

  #apply(id: number, value: number): boolean {
    const core = this.#core
    switch (id) {
      case Setting.HEADER_TABLE_SIZE:
        core.encoder.setTableBytes(value)
        return true
      case Setting.ENABLE_PUSH:
        if (value === 0 || (value === 1 && core.isServer)) return true
        return core.fail(ErrorCode.PROTOCOL_ERROR, `ENABLE_PUSH is ${value}`)
      case Setting.MAX_CONCURRENT_STREAMS:
        this.maxConcurrentStreams = Math.min(value, MAX_31)
        return true
      case Setting.INITIAL_WINDOW_SIZE:
        return value <= MAX_31 || core.fail(ErrorCode.FLOW_CONTROL_ERROR, `INITIAL_WINDOW_SIZE is ${value}`)
      case Setting.MAX_FRAME_SIZE:
        if (value < DEFAULT_FRAME_BYTES || value > maxFrameBytes) {
          return core.fail(ErrorCode.PROTOCOL_ERROR, `MAX_FRAME_SIZE is ${value}`)
        }
        core.outbound.writer.maxFrameBytes = Math.min(value, mostSent)
        return true
      case Setting.MAX_HEADER_LIST_SIZE:
        this.maxHeaderListBytes = value
        return true
      default:
        return true
    }
  }

  /** Open streams follow the window of new ones, which may leave them below 0. */
  #setWindow(window: number): boolean {
    const { outbound, streams } = this.#core
    const more = window - outbound.initialWindow
    if (more === 0) return true
    outbound.initialWindow = window
    for (const stream of streams.values()) {
      if (outbound.widen(stream, more)) continue
      return this.#core.fail(ErrorCode.FLOW_CONTROL_ERROR, 'INITIAL_WINDOW_SIZE makes a window too large')
    }
    return true
  }
}
