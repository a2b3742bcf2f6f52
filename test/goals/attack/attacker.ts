import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { FrameReader, readU32 } from '../../http2/peer/frame-reader.js'
import { MAGIC, settings, settingsAck, Type } from '../../http2/peer/frames.js'

/** How a server took its leave of an attacker. */
export interface Farewell {
  /** The code and the text of GOAWAY, if there was one. */
  readonly code: number | undefined
  readonly debug: string
  /** How long after the connection was made it was cut, in ms. */
  readonly afterMs: number
}

/** A client that says what it likes. */
export class Attacker {
  readonly #socket: Socket
  readonly #reader = new FrameReader()
  readonly #start = performance.now()
  #code: number | undefined
  #debug = ''
  /** Streams that the server reset. */
  resets = 0
  /** Resolves when the connection is over. */
  readonly gone: Promise<Farewell>

  private constructor(socket: Socket) {
    this.#socket = socket
    this.gone = new Promise((resolve) => {
      const over = (): void => {
        socket.destroy()
        resolve({ code: this.#code, debug: this.#debug, afterMs: performance.now() - this.#start })
      }
      // Whoever is in the middle of a flood hears of the end by a broken pipe.
      socket.on('error', over).on('end', over).on('close', over)
    })
    socket.on('data', (bytes) => this.#hear(bytes))
  }

  /** Connects, and says hello unless it is told to keep silent. */
  static async connect(url: string, greets = true): Promise<Attacker> {
    const { hostname, port } = new URL(url)
    const socket = connect({ host: hostname, port: Number(port), noDelay: true })
    await once(socket, 'connect')
    const attacker = new Attacker(socket)
    if (greets) await attacker.send(MAGIC, settings(), settingsAck())
    return attacker
  }

  /** True once the connection is over. */
  get cut(): boolean {
    return this.#socket.destroyed
  }

  /** Sends bytes; resolves when there is room for more, or when the connection is over. */
  async send(...parts: readonly Uint8Array[]): Promise<void> {
    if (this.cut) return
    const bytes = parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts)
    await new Promise<void>((resolve) => {
      this.#socket.write(bytes, () => resolve())
      void this.gone.then(() => resolve())
    })
    // Lets what the server says arrive.
    await new Promise(setImmediate)
  }

  /** Sends the same again and again, at most so many times, until the connection is over. */
  async flood(times: number, next: (turn: number) => Uint8Array): Promise<void> {
    for (let turn = 0; turn < times && !this.cut; turn += 1) await this.send(next(turn))
  }

  leave(): void {
    this.#socket.destroy()
  }

  #hear(bytes: Uint8Array): void {
    for (const { type, payload } of this.#reader.read(bytes)) {
      if (type === Type.RST_STREAM) this.resets += 1
      if (type !== Type.GOAWAY) continue
      this.#code = readU32(payload, 4)
      this.#debug = Buffer.from(payload.subarray(8)).toString()
    }
  }
}
