import { writeWindowUpdate } from '../frame/control-frames.js'
import { DEFAULT_WINDOW } from '../frame/frame-type.js'
import type { Output } from '../frame/output.js'

/** What receiving needs to know of a stream. */
export interface ReceivingStream {
  readonly id: number
  /** Content that the other side may still send; below 0 is too much. */
  receiveWindow: number
  /** Content that was handed out and not consumed. */
  unconsumed: number
  /** Content that is consumed and not given back yet. */
  owed: number
  readonly remoteEnded: boolean
}

/** How much content may be on its way. */
export interface InboundOptions {
  /** Window of a stream at first. */
  readonly streamWindow: number
  /** Most content that all streams together may hold unconsumed. */
  readonly maxWindow: number
}

/** The receiving half of a connection's flow control. */
export class Inbound {
  readonly #output: Output
  /** Most content that all streams together may hold. */
  readonly maxWindow: number
  /** The windows that are aimed at. */
  streamTarget: number
  target = DEFAULT_WINDOW
  /** Content that the other side may still send on the connection; below 0 is too much. */
  window: number = DEFAULT_WINDOW
  #owed = 0
  #unconsumed = 0

  constructor(output: Output, { streamWindow, maxWindow }: InboundOptions) {
    this.#output = output
    this.maxWindow = maxWindow
    this.streamTarget = streamWindow
  }

  /** Counts bytes that arrived against the connection's window, which is given back as long as there is room. */
  receive(bytes: number): boolean {
    this.window -= bytes
    this.#owed += bytes
    return this.window >= 0
  }

  /** Counts content that is handed out on a stream. */
  hold(stream: ReceivingStream, bytes: number): void {
    stream.unconsumed += bytes
    this.#unconsumed += bytes
  }

  /** Gives content of a stream back that was handed out. */
  consume(stream: ReceivingStream, bytes: number): void {
    const consumed = Math.min(bytes, stream.unconsumed)
    stream.unconsumed -= consumed
    this.#unconsumed -= consumed
    this.owe(stream, consumed)
    this.giveBack()
  }

  /** Gives bytes of a stream back, once they are worth a frame. */
  owe(stream: ReceivingStream, bytes: number): void {
    stream.owed += bytes
    if (stream.remoteEnded || stream.owed * 2 < this.streamTarget) return
    writeWindowUpdate(this.#output, stream.id, stream.owed)
    stream.receiveWindow += stream.owed
    stream.owed = 0
  }

  /** Forgets a stream: what it held is held no more. */
  release(stream: ReceivingStream): void {
    this.#unconsumed -= stream.unconsumed
    stream.unconsumed = 0
  }

  /** Gives the connection's window back, as far as memory allows and once it is worth a frame. */
  giveBack(): void {
    if (this.#owed === 0) return
    const room = this.maxWindow - this.#unconsumed
    const given = Math.min(this.#owed, room - this.window)
    if (given * 2 >= Math.min(this.target, room)) this.#give(given)
  }

  /** Widens the connection's window to `target`, as far as memory allows. */
  grow(target: number): void {
    if (target <= this.target) return
    this.#owed += target - this.target
    this.target = target
    this.#give(Math.min(this.#owed, this.maxWindow - this.#unconsumed - this.window))
  }

  #give(bytes: number): void {
    if (bytes <= 0) return
    writeWindowUpdate(this.#output, 0, bytes)
    this.window += bytes
    this.#owed -= bytes
  }
}
