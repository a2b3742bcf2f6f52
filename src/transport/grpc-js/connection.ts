import { constants, type ServerHttp2Session } from 'node:http2'
import type { Peer } from '../../endpoint/context-value.js'
import { peerOf } from '../grpc-wire/peer.js'

const NO_STREAM_REFUSED = 2 ** 31 - 1

/** One connection of a server. */
export class Connection {
  /** Who is at the other end. */
  readonly peer: Peer
  readonly #session: ServerHttp2Session
  #calls = 0
  #retiring = false

  constructor(session: ServerHttp2Session) {
    this.#session = session
    this.peer = readPeer(session)
  }

  /** A call begins. */
  enter(): void {
    this.#calls += 1
  }

  /** A call has ended. */
  leave(): void {
    this.#calls -= 1
    // Without calls Node does not read from a connection that was told to go, so no answer to the ping would be seen.
    if (this.#retiring && this.#calls === 0) this.#session.close()
  }

  /**
   * Asks the client to go. While calls run that takes two steps: the first GOAWAY refuses no call, so that those under
   * way towards us are served; when the client has seen it, which its answer to a ping shows, no more are taken.
   */
  retire(): void {
    const session = this.#session
    if (this.#retiring || session.closed || session.destroyed) return
    this.#retiring = true
    if (this.#calls > 0) {
      session.goaway(constants.NGHTTP2_NO_ERROR, NO_STREAM_REFUSED)
      if (session.ping(() => session.close())) return
    }
    session.close()
  }
}

function readPeer({ socket, destroyed }: ServerHttp2Session): Peer {
  return destroyed || !socket ? { address: 'unknown' } : peerOf(socket)
}
