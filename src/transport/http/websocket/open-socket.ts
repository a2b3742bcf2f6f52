import type { RawData, WebSocket } from 'ws'
import { type Clock, Code, RpcError } from '../../kernel.js'
import { CloseCode, FrameRefusal, socketError } from './close-code.js'
import { heartbeat } from './heartbeat.js'
import { SocketReader } from './socket-reader.js'
import { SocketWriter } from './socket-writer.js'

/** How a socket is spoken on. */
export interface OpenSocketInit {
  readonly clock: Clock
  readonly heartbeatMs: number
  readonly writeTimeoutMs: number
  readonly maxMessageBytes: number
  /** Messages are in binary frames. */
  readonly binary: boolean
  /** How many messages the client may send. */
  readonly expected: number
  /** The socket cannot go on. */
  broken(error: RpcError): void
}

/** A WebSocket that carries one call. */
export class OpenSocket {
  readonly requests: SocketReader
  readonly #init: OpenSocketInit
  readonly #writer: SocketWriter
  readonly #stopHeartbeat: () => void
  #left: number
  #over = false

  constructor(socket: WebSocket, init: OpenSocketInit) {
    this.#init = init
    this.#left = init.expected
    this.requests = new SocketReader(socket)
    this.#writer = new SocketWriter(socket, init)
    this.#stopHeartbeat = heartbeat(socket, {
      clock: init.clock,
      everyMs: init.heartbeatMs,
      isDeaf: () => this.requests.isFull,
    })
    socket.on('message', (content, isBinary) => this.#receive(content, isBinary))
    socket.on('error', (error) => this.#broken(socketError(error, init.maxMessageBytes)))
    socket.on('close', () => {
      this.#stopHeartbeat()
      this.#broken(new RpcError(Code.CANCELLED, 'the client went away'))
    })
  }

  /** Sends a frame; resolves when there is room for more. */
  send(content: string | Uint8Array): Promise<void> {
    return this.#writer.send(content)
  }

  /** Ends the call with a last frame. A reader who still waits for requests hears of the error, if there is one. */
  close(last: string, code: number, error?: RpcError): void {
    this.#over = true
    if (error) this.requests.fail(error)
    void this.requests.return()
    void this.#writer.send(last)
    this.#writer.close(code, error?.rawMessage ?? '')
  }

  #receive(content: RawData, isBinary: boolean): void {
    if (this.#over) return
    const message = content as Buffer
    const { binary } = this.#init
    if (!isBinary && message.length === 0) this.#end()
    else if (isBinary !== binary) {
      const problem = binary ? 'messages are protobuf here: in binary frames' : 'messages are JSON here: in text frames'
      this.#broken(new FrameRefusal(CloseCode.wrongKind, problem))
    } else if (this.#left === 0) {
      this.#broken(new RpcError(Code.INVALID_ARGUMENT, 'a message came that nobody waits for'))
    } else {
      this.#left -= 1
      this.requests.push(message)
    }
  }

  #end(): void {
    this.#left = 0
    this.requests.end()
  }

  #broken(error: RpcError): void {
    if (this.#over) return
    this.requests.fail(error)
    this.#init.broken(error)
  }
}
