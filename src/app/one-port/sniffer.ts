import type { Socket } from 'node:net'
import type { Clock } from '../../resilience/clock.js'

/** What HTTP/2 begins with (RFC 9113, 3.4), as far as it is like nothing else. */
const PREFACE = Buffer.from('PRI * HTTP/2.0', 'latin1')
const NOTHING = Buffer.alloc(0)

/** Who takes connections once it is known what they speak. */
export interface SnifferInit {
  readonly clock: Clock
  /** How long a connection may take until that is known, in ms; 0 is without end. */
  readonly timeoutMs: number
  http2(socket: Socket): void
  /** Also takes what is neither, to answer it. */
  http1(socket: Socket): void
  /** Takes what ended before it was either, to answer it. */
  refuse(socket: Socket): void
}

/** Finds out by the first bytes of connections what they speak, and hands them on with those bytes. */
export class Sniffer {
  readonly #init: SnifferInit
  readonly #sockets = new Set<Socket>()

  constructor(init: SnifferInit) {
    this.#init = init
  }

  accept(socket: Socket): void {
    let seen: Buffer = NOTHING
    const take = (chunk: Buffer): void => {
      seen = seen.length === 0 ? chunk : Buffer.concat([seen, chunk])
      const isHttp2 = judge(seen)
      if (isHttp2 === undefined) return
      leave()
      this.#handOn(socket, seen, isHttp2)
    }
    const end = (): void => {
      leave()
      if (seen.length > 0) this.#init.refuse(socket)
      else socket.destroy()
    }
    const stopTimer = this.#schedule(() => socket.destroy())
    const leave = (): void => {
      stopTimer()
      this.#sockets.delete(socket)
      socket.off('data', take).off('end', end).off('close', leave)
    }
    this.#sockets.add(socket)
    socket.on('data', take).on('end', end).on('close', leave)
  }

  /** Closes the connections of which it is not known yet. */
  destroy(): void {
    for (const socket of [...this.#sockets]) socket.destroy()
  }

  #schedule(fire: () => void): () => void {
    const { clock, timeoutMs } = this.#init
    return timeoutMs > 0 ? clock.schedule(timeoutMs, fire) : () => {}
  }

  #handOn(socket: Socket, seen: Buffer, isHttp2: boolean): void {
    // Whoever takes it listens before the bytes come again, which they do in the next tick.
    socket.pause()
    socket.unshift(seen)
    if (isHttp2) this.#init.http2(socket)
    else this.#init.http1(socket)
    socket.resume()
  }
}

/** Whether these are the first bytes of HTTP/2; `undefined` while they may become that. */
function judge(seen: Buffer): boolean | undefined {
  const length = Math.min(seen.length, PREFACE.length)
  if (seen.compare(PREFACE, 0, length, 0, length) !== 0) return false
  return length === PREFACE.length ? true : undefined
}
