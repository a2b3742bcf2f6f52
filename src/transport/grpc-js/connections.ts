import { constants, type ServerHttp2Session } from 'node:http2'
import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Peer, PeerCertificate } from '../../endpoint/context-value.js'

const NO_STREAM_REFUSED = 2 ** 31 - 1

/** The connections of a server. */
export class Connections {
  /** Sockets, of which some may not have come as far as HTTP/2. */
  readonly #sockets = new Set<Socket>()
  /** Sessions, and who was found to be at the other end. */
  readonly #peers = new Map<ServerHttp2Session, Peer | undefined>()
  #retiring = false
  #waiting: (() => void)[] = []

  /** Follows a socket until it closes. */
  addSocket(socket: Socket): void {
    this.#sockets.add(socket)
    socket.once('close', () => this.#sockets.delete(socket))
  }

  /** Follows a session until it closes. */
  addSession(session: ServerHttp2Session): void {
    this.#peers.set(session, undefined)
    session.once('close', () => this.#forget(session))
    if (this.#retiring) retire(session)
  }

  /** Who is at the other end of a connection. */
  peerOf(session: ServerHttp2Session | undefined): Peer {
    if (!session) return { address: 'unknown' }
    const known = this.#peers.get(session)
    if (known) return known
    const peer = readPeer(session)
    if (this.#peers.has(session)) this.#peers.set(session, peer)
    return peer
  }

  /**
   * Asks every client to go, in two steps: the first GOAWAY refuses no call, so that those under way towards us are
   * served; when the client has seen it, which its answer to a ping shows, the connection takes no more.
   */
  retire(): void {
    this.#retiring = true
    for (const session of this.#peers.keys()) retire(session)
  }

  /** Takes no more calls; a connection without any closes at once, others with their last. */
  close(): void {
    for (const session of this.#peers.keys()) session.close()
  }

  /** Cuts every connection. */
  destroy(): void {
    for (const socket of [...this.#sockets]) socket.destroy()
  }

  /** Resolves when no session is left. */
  whenNone(): Promise<void> {
    return new Promise((resolve) => {
      if (this.#peers.size === 0) resolve()
      else this.#waiting.push(resolve)
    })
  }

  #forget(session: ServerHttp2Session): void {
    this.#peers.delete(session)
    if (this.#peers.size > 0) return
    for (const resolve of this.#waiting.splice(0)) resolve()
  }
}

function retire(session: ServerHttp2Session): void {
  if (session.closed || session.destroyed) return
  session.goaway(constants.NGHTTP2_NO_ERROR, NO_STREAM_REFUSED)
  const sent = session.ping(() => session.close())
  if (!sent) session.close()
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
