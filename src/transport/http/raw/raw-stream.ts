import type { Readable } from 'node:stream'
import type { HttpResponse } from '../serve/http-message.js'
import { cutOff, type RoomInit, untilRoom } from '../serve/room.js'
import type { RawContent, RawPlace } from './raw-place.js'

/** The chunks of a body as messages, the first with the content type. No more is read than is asked for. */
export async function* rawRequests(source: Readable, place: RawPlace, contentType = ''): AsyncGenerator<unknown> {
  let type = contentType
  // The reader may leave early without the connection, which is to carry the answer, being torn down.
  for await (const bytes of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    yield place.fill({}, { type, bytes })
    type = ''
  }
}

/** What a raw stream is written with. */
export interface RawWriterInit extends RoomInit {
  /** Sends the head; called once, with the type that the first message says. */
  start(type: string): void
}

/** Writes messages that are chunks of one body, as fast as the client reads it. */
export class RawWriter {
  readonly #response: HttpResponse
  readonly #init: RawWriterInit
  #started = false

  constructor(response: HttpResponse, init: RawWriterInit) {
    this.#response = response
    this.#init = init
  }

  /** True once the head is sent. From then on nothing can tell of an error but the end of the connection. */
  get started(): boolean {
    return this.#started
  }

  /** Writes a chunk; resolves when there is room for another, or nobody to read it. */
  async write({ type, bytes }: RawContent): Promise<void> {
    if (this.#response.destroyed) return
    this.#begin(type)
    if (bytes.length > 0 && !this.#response.write(bytes)) await untilRoom(this.#response, this.#init)
  }

  /** Ends the body. */
  finish(): void {
    if (this.#response.destroyed) return
    this.#begin('')
    this.#response.end()
  }

  /** Ends the connection of a body that cannot go on, in a way that nobody takes for the end of the body. */
  breakOff(): void {
    cutOff(this.#response)
  }

  #begin(type: string): void {
    if (this.#started) return
    this.#started = true
    this.#init.start(type)
  }
}

/** Sends a stream of messages that are chunks of one body. Throws what the stream throws. */
export async function sendRaw(stream: unknown, place: RawPlace, writer: RawWriter): Promise<void> {
  for await (const message of stream as AsyncIterable<unknown>) await writer.write(place.read(message))
  writer.finish()
}
