import type { Socket } from 'node:net'
import type { ErrorCode } from '../error-code.js'
import type { ConnectionListener, HeaderBlock, Http2Connection, Http2Stream, StreamListener } from '../http2.js'
import { type Flushable, FlushList } from './flush-list.js'

/** What whoever binds a connection to a socket hears of it. */
export type BoundListener = Omit<ConnectionListener, 'onOutput'>

/** How long the other side may take to close its half when the connection is over. */
const lingerMs = 1000

/** What a socket may hold without having written it, before output stays where it is counted. */
const socketBytes = 128 * 1024

const flushes = new FlushList()

/**
 * Makes a connection that speaks over a socket, which must be connected: `create` makes it, with the listener that it is
 * given, and `listener` hears what is not about the socket. What is sent in one tick is written at once when the tick is
 * over. The socket ends when the connection is over and its output written; the connection ends when the socket does.
 */
export function bindSocket<Bound extends Http2Connection>(
  socket: Socket,
  create: (listener: ConnectionListener) => Bound,
  listener: BoundListener,
): Bound {
  const binding = new Binding(socket, listener)
  const connection = create(binding)
  binding.start(connection)
  return connection
}

/** Between a socket and a connection. */
class Binding implements ConnectionListener, Flushable {
  readonly #socket: Socket
  readonly #listener: BoundListener
  #connection: Http2Connection | undefined
  #waits = false
  #blocked = false
  #ended = false

  constructor(socket: Socket, listener: BoundListener) {
    this.#socket = socket
    this.#listener = listener
  }

  start(connection: Http2Connection): void {
    this.#connection = connection
    const socket = this.#socket
    socket.setNoDelay(true)
    socket.on('data', (chunk: Uint8Array) => connection.receive(chunk))
    socket.on('drain', this.#onWritten)
    const end = (): void => this.#end()
    socket.on('end', end)
    socket.on('close', end)
    socket.on('error', (error) => this.#end(error))
    this.onOutput()
  }

  /** While the socket takes no more, output stays where it is counted; unless it is the last. */
  flush(): void {
    this.#waits = false
    const connection = this.#connection
    if (connection === undefined || this.#ended || (this.#blocked && !connection.closed)) return
    const socket = this.#socket
    const chunks = connection.takeOutput()
    if (chunks.length === 1) socket.write(chunks[0] as Uint8Array)
    else if (chunks.length > 1) writeAll(socket, chunks, this.#onWritten)
    if (connection.closed) this.#finish()
    else if (socket.writableLength > socketBytes) {
      this.#blocked = true
      connection.setBlocked(true)
    }
  }

  onOutput(): void {
    if (this.#waits) return
    this.#waits = true
    flushes.add(this)
  }

  onStream(stream: Http2Stream, block: HeaderBlock, endStream: boolean): StreamListener {
    const listener = this.#listener
    if (listener.onStream === undefined) throw new TypeError('http2: a server needs a listener with onStream')
    return listener.onStream(stream, block, endStream)
  }

  onReady(): void {
    this.#listener.onReady?.()
  }

  onCapacity(): void {
    this.#listener.onCapacity?.()
  }

  onGoaway(code: ErrorCode, debug: string): void {
    this.#listener.onGoaway?.(code, debug)
  }

  onIdle(): void {
    this.#listener.onIdle?.()
  }

  onPing(): void {
    this.#listener.onPing?.()
  }

  onBreach(limit: string): void {
    this.#listener.onBreach?.(limit)
  }

  onClose(error: Error | undefined): void {
    // What the connection says last is still to be written.
    this.onOutput()
    this.#listener.onClose(error)
  }

  /** Goes on before all is written, so that the socket always has something to write. */
  readonly #onWritten = (): void => {
    if (!this.#blocked || this.#socket.writableLength > socketBytes) return
    this.#blocked = false
    this.#connection?.setBlocked(false)
    this.onOutput()
  }

  #end(error?: Error): void {
    if (this.#ended) return
    this.#connection?.receiveEnd(error)
    this.#finish()
  }

  /** Ends the socket in order; if the other side does not, it is cut. */
  #finish(): void {
    this.#ended = true
    const socket = this.#socket
    if (socket.destroyed) return
    socket.end()
    const cut = setTimeout(() => socket.destroy(), lingerMs)
    cut.unref()
    socket.once('close', () => clearTimeout(cut))
  }
}

/** Writes chunks in one go; `written` is called when the socket has taken them. */
function writeAll(socket: Socket, chunks: readonly Uint8Array[], written: () => void): void {
  const last = chunks.length - 1
  socket.cork()
  for (let index = 0; index < last; index++) socket.write(chunks[index] as Uint8Array)
  socket.write(chunks[last] as Uint8Array, written)
  socket.uncork()
}
