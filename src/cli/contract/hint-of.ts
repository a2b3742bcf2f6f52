import { Code } from '../../error/code.js'
import type { RpcError } from '../../error/rpc-error.js'

/** What may be behind a connection that fails, by the words it fails with. */
const HINTS: readonly (readonly [RegExp, string])[] = [
  [
    /wrong version number|packet length too long/i,
    'does the server speak TLS? It was asked to, by an option or the scheme',
  ],
  [/altnames/i, '--server-name NAME says whom the certificate names'],
  [/self-signed certificate|unable to (get|verify)/i, '--ca FILE says which certificates to trust'],
  [/FRAME_SIZE_ERROR: a frame of type 80/, 'does the server speak gRPC? HTTP is called with http://host:port'],
  [/no connection to .*: the connection was closed/, 'does the server want TLS? --tls encrypts'],
  [/the response is not HTTP/, 'does the server speak HTTP/1.1? gRPC is called with grpc://host:port'],
]

/** Which option may be wrong where a server cannot be reached; `undefined` of other errors. */
export function hintOf({ code, neverSent, rawMessage }: RpcError): string | undefined {
  if (!neverSent && code !== Code.INTERNAL) return undefined
  return HINTS.find(([words]) => words.test(rawMessage))?.[1]
}
