import { constants, type ServerHttp2Session } from 'node:http2'
import { TLSSocket } from 'node:tls'
import type { Peer, PeerCertificate } from '../../endpoint/context-value.js'

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
  if (destroyed || !socket) return { address: 'unknown' }
  const { remoteAddress = 'unknown', remotePort, remoteFamily } = socket
  const host = remoteFamily === 'IPv6' ? `[${remoteAddress}]` : remoteAddress
  const certificate = socket instanceof TLSSocket && socket.authorized ? readCertificate(socket) : undefined
  return { address: remotePort === undefined ? host : `${host}:${remotePort}`, certificate }
}

function readCertificate(socket: TLSSocket): PeerCertificate | undefined {
  const certificate = socket.getPeerCertificate()
  // Without a certificate Node gives an empty object.
  return certificate.fingerprint256 === undefined ? undefined : peerCertificate(certificate)
}

/** The parts of a certificate that Node has verified. */
export interface VerifiedCertificate {
  readonly subject?: { readonly CN?: string | string[] } | undefined
  readonly subjectaltname?: string | undefined
  readonly fingerprint256: string
}

/** What a context says of a verified certificate. */
export function peerCertificate({ subject, subjectaltname, fingerprint256 }: VerifiedCertificate): PeerCertificate {
  const [commonName] = [subject?.CN ?? []].flat()
  return { commonName, subjectAltNames: subjectaltname?.split(', ') ?? [], fingerprint256 }
}
