import type { HeaderList } from '../error.js'
import type { HttpResponse } from '../serve/http-message.js'
import { untilRoom } from '../serve/room.js'
import type { EventIds } from './event-id.js'
import type { Prospect, StreamFormat } from './stream-format.js'

/** What a stream is written with. */
export interface StreamWriterInit {
  readonly format: StreamFormat
  /** Asked for where the format has ids. */
  readonly ids: EventIds
  /** Sends the head; called once, before anything else is written. */
  start(): void
  readonly heartbeatMs: number
  /** How long the client may refuse to read, in ms. */
  readonly writeTimeoutMs: number
  /** Fires after a time; never if that is 0. */
  schedule(delayMs: number, fire: () => void): () => void
  /** Ends the wait for a client that does not read. */
  onCancel(listener: () => void): () => void
}

/**
 * Writes a stream of messages as fast as the client reads it, and shows signs of life while there is nothing to write.
 * The head waits for the first message, so that a call that fails before has an HTTP status of its own.
 */
export class StreamWriter {
  readonly #response: HttpResponse
  readonly #init: StreamWriterInit
  #started = false
  #quiet = true
  #stopHeartbeat: () => void

  constructor(response: HttpResponse, init: StreamWriterInit) {
    this.#response = response
    this.#init = init
    this.#stopHeartbeat = this.#scheduleHeartbeat()
  }

  /** True once the head is sent, and with it the status of success. */
  get started(): boolean {
    return this.#started
  }

  /** Writes a message, given with its JSON; resolves when there is room for another, or nobody to read it. */
  async message(message: unknown, json: string): Promise<void> {
    const { format, ids } = this.#init
    this.#quiet = false
    if (!this.#write(format.message(json, format.hasIds ? ids.next(message) : ''))) await this.#room()
  }

  /** Ends the stream, and the response, with an error. */
  fail(json: string, prospect: Prospect, trailers: HeaderList): void {
    this.#end(this.#init.format.error(json, prospect), trailers)
  }

  /** Ends the stream, and the response. */
  finish(trailers: HeaderList): void {
    this.#end(this.#init.format.end, trailers)
  }

  /** Stops the heartbeat. */
  close(): void {
    this.#stopHeartbeat()
  }

  #end(text: string, trailers: HeaderList): void {
    this.close()
    this.#write(text)
    if (this.#response.destroyed) return
    if (trailers.length > 0) this.#response.addTrailers(trailers as [string, string][])
    this.#response.end()
  }

  #write(text: string): boolean {
    if (this.#response.destroyed) return true
    if (!this.#started) {
      this.#started = true
      this.#init.start()
    }
    return text === '' || this.#response.write(text)
  }

  #room(): Promise<void> {
    const { schedule, writeTimeoutMs, onCancel } = this.#init
    return untilRoom(this.#response, { schedule: (fire) => schedule(writeTimeoutMs, fire), onCancel })
  }

  #scheduleHeartbeat(): () => void {
    return this.#init.schedule(this.#init.heartbeatMs, () => {
      const { heartbeat } = this.#init.format
      if (this.#quiet && !this.#response.writableNeedDrain) this.#beat(heartbeat)
      this.#quiet = true
      // A format without one needs no more than the head.
      if (heartbeat !== '') this.#stopHeartbeat = this.#scheduleHeartbeat()
    })
  }

  #beat(heartbeat: string): void {
    this.#write(heartbeat)
    this.#response.flushHeaders()
  }
}
