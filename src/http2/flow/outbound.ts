import { DEFAULT_WINDOW, MAX_31 } from '../frame/frame-type.js'
import { type MessageWriter, PREFIX_BYTES } from '../frame/message-writer.js'
import type { Timers } from '../options.js'
import { ReadyRing, type Waiting } from './ready-ring.js'
import { bytesOf, type SendItem, SendQueue } from './send-queue.js'

/** What sending needs to know of a stream. */
export interface SendingStream extends Waiting<SendingStream> {
  readonly id: number
  /** Content that the other side takes on this stream; below 0 after it shrank its window. */
  sendWindow: number
  queue: SendQueue | undefined
  /** END_STREAM was sent. */
  onEndSent(): void
  /** Nothing is queued any more, and the stream goes on. */
  onQueueEmpty(): void
}

/** Output beyond which content stays queued until it was taken. */
const outputBytes = 256 * 1024
/** Frames that are smaller, and not the last of what was sent, were made so by the other side. */
const smallFrame = 256

/** The sending half of a connection: windows, queues, and whose turn it is. */
export class Outbound {
  readonly writer: MessageWriter
  readonly #timers: Timers
  /** Content that the other side takes on the whole connection. */
  window = DEFAULT_WINDOW
  /** Window of a new stream: a setting of the other side. */
  initialWindow = DEFAULT_WINDOW
  /** True while the socket takes no more. */
  blocked = false
  /** Content that waits on all streams. */
  queuedBytes = 0
  /** DATA frames that were sent, but for those that a window made small. */
  dataFrames = 0
  readonly #ready = new ReadyRing<SendingStream>()

  constructor(writer: MessageWriter, timers: Timers) {
    this.writer = writer
    this.#timers = timers
  }

  /** True if queued content can go out as soon as output was taken. */
  get hasReady(): boolean {
    return this.#ready.first !== undefined && !this.blocked && this.window > 0
  }

  /** Sends content in one frame, if nothing stands against that; returns where its flags are, or -1. */
  sendAtOnce(stream: SendingStream, prefix: number, bytes: Uint8Array): number {
    if (stream.queue !== undefined) return -1
    const length = prefix < 0 ? bytes.length : bytes.length + PREFIX_BYTES
    if (length > 0) {
      if (length > this.writer.maxFrameBytes || length > this.window || length > stream.sendWindow) return -1
      if (this.blocked || this.#ready.first !== undefined || this.writer.output.pending >= outputBytes) return -1
      this.window -= length
      stream.sendWindow -= length
    }
    this.dataFrames++
    return this.writer.content(stream.id, prefix, bytes)
  }

  /** Queues what could not be sent at once. */
  enqueue(stream: SendingStream, item: SendItem): void {
    if (stream.queue === undefined) stream.queue = new SendQueue(item, this.#timers.now())
    else stream.queue.add(item)
    this.queuedBytes += bytesOf(item)
    if (stream.sendWindow > 0) this.#ready.add(stream)
  }

  /** Forgets what is queued on a stream. */
  drop(stream: SendingStream): void {
    if (stream.queue === undefined) return
    this.queuedBytes -= stream.queue.bytes
    stream.queue = undefined
    this.#ready.remove(stream)
  }

  /** Widens the window of a stream, or narrows it; false if it gets too large. */
  widen(stream: SendingStream, bytes: number): boolean {
    stream.sendWindow += bytes
    if (stream.queue !== undefined && stream.sendWindow > 0) this.#ready.add(stream)
    return stream.sendWindow <= MAX_31
  }

  /** Sends what can be sent of what is queued: a frame of each stream in turn. */
  pump(): void {
    const { output } = this.writer
    for (;;) {
      const stream = this.#ready.first
      if (stream === undefined || this.blocked || this.window <= 0 || output.pending >= outputBytes) return
      this.#ready.remove(stream)
      if (stream.sendWindow > 0) this.#sendFrame(stream)
    }
  }

  /** Sends one frame of the content that is first, and what needs no window behind it. */
  #sendFrame(stream: SendingStream): void {
    const queue = stream.queue as SendQueue
    const most = Math.min(this.writer.maxFrameBytes, stream.sendWindow, this.window)
    if (queue.first.prefix >= 0 && most < PREFIX_BYTES) queue.splitPrefix()
    const length = Math.min(most, bytesOf(queue.first))
    queue.bytes -= length
    queue.progressAt = this.#timers.now()
    this.queuedBytes -= length
    this.window -= length
    stream.sendWindow -= length
    let flagsAt = this.#write(stream, queue.first, length)
    let done: SendItem | undefined
    let item: SendItem | undefined = queue.first
    while (item !== undefined && bytesOf(item) === 0) {
      if (done !== undefined) flagsAt = this.#write(stream, item, 0)
      done = item
      item = item.next
    }
    if (item !== undefined) {
      queue.first = item
      if (stream.sendWindow > 0) this.#ready.add(stream)
      return
    }
    stream.queue = undefined
    if (!(done as SendItem).endStream) stream.onQueueEmpty()
    else {
      this.writer.end(flagsAt)
      stream.onEndSent()
    }
  }

  #write(stream: SendingStream, item: SendItem, length: number): number {
    const { writer } = this
    if (item.constant !== undefined) return writer.headers(stream.id, item.constant, item.varying)
    const { prefix, at } = item
    const content = prefix < 0 ? length : length - PREFIX_BYTES
    item.at += content
    item.prefix = -1
    const { bytes } = item
    if (length >= smallFrame || item.at === bytes.length) this.dataFrames++
    if (content === bytes.length) return writer.content(stream.id, prefix, bytes)
    const part = bytes.subarray(at, item.at)
    if (prefix < 0) return writer.content(stream.id, -1, part)
    return writer.part(stream.id, prefix, { bytes: part, total: bytes.length })
  }
}
