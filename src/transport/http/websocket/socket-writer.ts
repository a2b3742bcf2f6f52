import type { WebSocket } from 'ws'
import type { Clock } from '../../kernel.js'
import { closeReason } from './close-code.js'

/** What may wait to be sent before the next message does, in bytes. */
const HIGH_WATER_BYTES = 64 * 1024

/** What a socket is written with. */
export interface SocketWriterInit {
  readonly clock: Clock
  /** How long the client may refuse to read, in ms; 0 is without end. */
  readonly writeTimeoutMs: number
}

/** Writes frames as fast as the client reads them. */
export class SocketWriter {
  readonly #socket: WebSocket
  readonly #init: SocketWriterInit

  constructor(socket: WebSocket, init: SocketWriterInit) {
    this.#socket = socket
    this.#init = init
  }

  /** Sends text, or bytes as a binary frame; resolves when there is room for more, or nobody to read it. */
  async send(content: string | Uint8Array): Promise<void> {
    const socket = this.#socket
    if (socket.readyState !== socket.OPEN) return this.#closed()
    let sent = (): void => {}
    socket.send(content, () => sent())
    if (socket.bufferedAmount <= HIGH_WATER_BYTES) return
    await new Promise<void>((resolve) => {
      const cancelTimer = this.#limit()
      sent = () => {
        cancelTimer()
        socket.off('close', sent)
        resolve()
      }
      socket.on('close', sent)
    })
    if (socket.readyState !== socket.OPEN) await this.#closed()
  }

  /** Whoever writes on and on would keep the end of the socket from being heard of. */
  #closed(): Promise<void> {
    const socket = this.#socket
    return new Promise((resolve) => {
      if (socket.readyState === socket.CLOSED) resolve()
      else socket.once('close', () => resolve())
    })
  }

  /** Says why the socket is closed, and closes it. */
  close(code: number, reason: string): void {
    const socket = this.#socket
    socket.close(code, closeReason(reason))
    if (socket.readyState !== socket.CLOSED) socket.once('close', this.#limit())
  }

  /** A client that does not take part is not waited for any longer than this. */
  #limit(): () => void {
    const { clock, writeTimeoutMs } = this.#init
    return writeTimeoutMs > 0 ? clock.schedule(writeTimeoutMs, () => this.#socket.terminate()) : () => {}
  }
}
