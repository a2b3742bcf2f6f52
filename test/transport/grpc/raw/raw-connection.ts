import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { type Frame, FrameReader, readU32 } from '../../../http2/peer/frame-reader.js'
import { Flag, MAGIC, Type } from '../../../http2/peer/frames.js'
import { HpackReader } from '../../../http2/peer/hpack-reader.js'

/** How a stream, or the connection with it, came to its end. */
export interface Outcome {
  /** `grpc 12`, `http 415`, `reset 8`, `goaway 1` or `closed`. */
  readonly end: string
  /** Header and trailer fields, as far as they came. */
  readonly fields: Readonly<Record<string, string>>
  readonly debug: string
}

/** One end of a connection on which a test says what it likes. */
export class RawConnection {
  readonly frames: Frame[] = []
  readonly socket: Socket
  readonly #reader = new FrameReader()
  readonly #hpack = new HpackReader()
  #fields: Record<number, Record<string, string>> = {}
  #wake: () => void = () => {}
  #closed = false

  #preface: number

  /** This end is a client, or a server, which hears the preface first. */
  constructor(socket: Socket, role: 'client' | 'server' = 'client') {
    this.socket = socket
    this.#preface = role === 'server' ? MAGIC.length : 0
    socket.on('error', () => {})
    socket.on('data', (chunk: Buffer) => this.#take(chunk))
    socket.on('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  static async to(port: number): Promise<RawConnection> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new RawConnection(socket)
  }

  send(...parts: readonly Uint8Array[]): this {
    this.socket.write(Buffer.concat(parts))
    return this
  }

  /** Waits for something to be there. */
  async until<T>(look: () => T | undefined): Promise<T> {
    for (;;) {
      const found = look()
      if (found !== undefined) return found
      if (this.#closed) throw new Error('the connection was closed before')
      await this.#more()
    }
  }

  /** Waits until a stream, or the connection, is over. */
  async outcome(stream: number): Promise<Outcome> {
    for (;;) {
      const end = this.#endOf(stream)
      if (end !== undefined || this.#closed) {
        return { end: end ?? 'closed', fields: this.#fields[stream] ?? {}, debug: this.debug }
      }
      await this.#more()
    }
  }

  /** What GOAWAY said. */
  get debug(): string {
    const goaway = this.frames.find(({ type }) => type === Type.GOAWAY)
    return goaway ? Buffer.from(goaway.payload.subarray(8)).toString() : ''
  }

  /** Content of a stream so far. */
  content(stream: number): Buffer {
    const parts = this.frames.filter((frame) => frame.type === Type.DATA && frame.stream === stream)
    return Buffer.concat(parts.map(({ payload }) => payload))
  }

  #endOf(stream: number): string | undefined {
    for (const frame of this.frames) {
      const own = frame.stream === stream
      if (frame.type === Type.GOAWAY && readU32(frame.payload, 4) !== 0) return `goaway ${readU32(frame.payload, 4)}`
      if (own && frame.type === Type.RST_STREAM) return `reset ${readU32(frame.payload)}`
      if (own && frame.type <= Type.HEADERS && frame.flags & Flag.END_STREAM) return this.#statusOf(stream)
    }
    return undefined
  }

  #statusOf(stream: number): string {
    const fields = this.#fields[stream] ?? {}
    return 'grpc-status' in fields ? `grpc ${fields['grpc-status']}` : `http ${fields[':status']}`
  }

  #take(chunk: Buffer): void {
    const skipped = Math.min(this.#preface, chunk.length)
    this.#preface -= skipped
    for (const frame of this.#reader.read(chunk.subarray(skipped))) {
      this.frames.push({ ...frame, payload: Uint8Array.from(frame.payload) })
      if (frame.type !== Type.HEADERS) continue
      const fields = this.#hpack.read(frame.payload)
      this.#fields[frame.stream] = { ...this.#fields[frame.stream], ...Object.fromEntries(fields) }
    }
    this.#wake()
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve
    })
  }
}
