import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { FrameReader, readU32 } from '../../http2/peer/frame-reader.js'
import {
  content,
  Flag,
  headers,
  MAGIC,
  ping,
  rstStream,
  Setting,
  settings,
  settingsAck,
  Type,
} from '../../http2/peer/frames.js'
import { block } from '../../http2/peer/hpack-writer.js'

/** What a server does once a request is there in full. */
export type Answer = (connection: RawConnection, stream: number) => unknown

const INITIAL_WINDOW = 65_535

/** One connection of a server that speaks in frames. */
export class RawConnection {
  readonly #socket: Socket
  readonly #reader = new FrameReader()
  readonly #answer: Answer
  readonly #windows = new Map<number, number>([[0, INITIAL_WINDOW]])
  #streamWindow = INITIAL_WINDOW
  #magic = MAGIC.length
  #roomed = (): void => {}
  /** Requests so far. */
  requests = 0
  /** Pings that the client answered. */
  pongs = 0

  constructor(socket: Socket, hello: Uint8Array, answer: Answer) {
    this.#socket = socket
    this.#answer = answer
    socket.on('error', () => {}).on('data', (bytes) => this.#hear(bytes))
    this.send(hello)
  }

  send(...parts: readonly Uint8Array[]): void {
    this.#socket.write(Buffer.concat(parts))
  }

  begin(stream: number): void {
    this.send(headers(stream, block([':status', '200'], ['content-type', 'application/grpc'])))
  }

  /** A message, cut into frames of so many bytes, each with so much padding; waits for windows. */
  async message(stream: number, text: string, cut = 16_000, pad?: number): Promise<void> {
    const bytes = Buffer.concat([Buffer.alloc(5), Buffer.from(text)])
    bytes.writeUInt32BE(bytes.length - 5, 1)
    for (let at = 0; at < bytes.length; at += cut) {
      const part = bytes.subarray(at, at + cut)
      await this.#take(stream, part.length + (pad === undefined ? 0 : pad + 1))
      this.send(content(stream, part, pad === undefined ? {} : { pad }))
    }
  }

  end(stream: number): void {
    this.send(headers(stream, block(['grpc-status', '0']), { end: true }))
  }

  reset(stream: number): void {
    this.send(rstStream(stream, 0))
  }

  destroy(): void {
    this.#socket.destroy()
  }

  async #take(stream: number, bytes: number): Promise<void> {
    for (;;) {
      const own = this.#windows.get(stream) ?? this.#streamWindow
      const all = this.#windows.get(0) ?? 0
      if (own >= bytes && all >= bytes) {
        this.#windows.set(stream, own - bytes).set(0, all - bytes)
        return
      }
      await new Promise<void>((resolve) => {
        this.#roomed = resolve
      })
    }
  }

  #hear(bytes: Uint8Array): void {
    const skipped = Math.min(this.#magic, bytes.length)
    this.#magic -= skipped
    for (const { type, flags, stream, payload } of this.#reader.read(bytes.subarray(skipped))) {
      if (type === Type.SETTINGS && !(flags & Flag.ACK)) this.#settle(payload)
      if (type === Type.PING && flags & Flag.ACK) this.pongs += 1
      else if (type === Type.PING) this.send(ping(Buffer.from(payload).toString('latin1'), true))
      if (type === Type.WINDOW_UPDATE) {
        this.#windows.set(stream, (this.#windows.get(stream) ?? this.#streamWindow) + readU32(payload))
        this.#roomed()
      }
      if ((type === Type.DATA || type === Type.HEADERS) && flags & Flag.END_STREAM) {
        this.requests += 1
        void this.#answer(this, stream)
      }
    }
  }

  #settle(payload: Uint8Array): void {
    for (let at = 0; at < payload.length; at += 6) {
      if (payload[at + 1] === Setting.INITIAL_WINDOW_SIZE) this.#resize(readU32(payload, at + 2))
    }
    this.send(settingsAck())
  }

  /** The windows of streams that are open change, too. */
  #resize(window: number): void {
    const more = window - this.#streamWindow
    this.#streamWindow = window
    for (const [stream, left] of this.#windows) if (stream > 0) this.#windows.set(stream, left + more)
    this.#roomed()
  }
}

/** A server of frames. */
export interface RawServer {
  readonly url: string
  /** Every connection that there was. */
  readonly connections: readonly RawConnection[]
  close(): Promise<void>
}

/** Starts one that says what it is told first, and answers as it is told. */
export async function rawServer(answer: Answer, ...settingsOf: readonly number[]): Promise<RawServer> {
  const connections: RawConnection[] = []
  const server = createServer((socket) => {
    connections.push(new RawConnection(socket, settings(...settingsOf), answer))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const close = async (): Promise<void> => {
    for (const connection of connections) connection.destroy()
    await new Promise<void>((resolve) => void server.close(() => resolve()))
  }
  return { url: `grpc://127.0.0.1:${(server.address() as AddressInfo).port}`, connections, close }
}
