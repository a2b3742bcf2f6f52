import type { Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { Peer, PeerCertificate } from '../../endpoint/context-value.js'

/** Who is at the other end of a socket, with the certificate that Node has verified, if there is one. */
export function peerOf(socket: Socket): Peer {
  const { remoteAddress = 'unknown', remotePort, remoteFamily } = socket
  const host = remoteFamily === 'IPv6' ? `[${remoteAddress}]` : remoteAddress
  return { address: remotePort === undefined ? host : `${host}:${remotePort}`, certificate: certificateOf(socket) }
}

/** What the other end of a socket proved; nothing without TLS or a verified certificate. */
export function certificateOf(socket: Socket): PeerCertificate | undefined {
  if (!(socket instanceof TLSSocket && socket.authorized)) return undefined
  const certificate = socket.getPeerCertificate()
  // Without a certificate Node gives an empty object.
  return certificate?.fingerprint256 === undefined ? undefined : peerCertificate(certificate)
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
