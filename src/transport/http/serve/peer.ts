import type { TLSSocket } from 'node:tls'
import type { Peer } from '../../kernel.js'
import type { HttpRequest } from './http-message.js'

/** The other end of a request's connection, with its certificate if that was verified. */
export function peerOf({ socket }: Pick<HttpRequest, 'socket'>): Peer {
  const address = `${socket.remoteAddress}:${socket.remotePort}`
  const { authorized, getPeerCertificate } = socket as Partial<TLSSocket>
  if (!authorized || !getPeerCertificate) return { address }
  const { subject, subjectaltname, fingerprint256 } = (socket as TLSSocket).getPeerCertificate()
  const subjectAltNames = subjectaltname?.split(', ') ?? []
  return {
    address,
    certificate: {
      commonName: subject?.CN === undefined ? undefined : String(subject.CN),
      subjectAltNames,
      fingerprint256,
    },
  }
}
