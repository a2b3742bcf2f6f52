import { type Clock, Context, type Method } from '../../kernel.js'
import { parseTimeout, TIMEOUT_HEADER } from '../deadline.js'
import { type HeaderToKey, readMetadata } from '../metadata.js'
import type { HttpRequest } from '../serve/http-message.js'
import { peerOf } from '../serve/peer.js'

/** How the context of a call is made. */
export interface CallContextInit {
  readonly clock: Clock
  readonly keyOf: HeaderToKey
}

/** The context of the call that a request makes. Throws `INVALID_ARGUMENT` for a malformed time-out. */
export function callContext(request: HttpRequest, method: Method, { clock, keyOf }: CallContextInit): Context {
  const timeout = request.headers[TIMEOUT_HEADER]
  return new Context({
    method,
    side: 'server',
    clock,
    deadline: timeout === undefined ? undefined : clock.now() + parseTimeout(String(timeout)),
    metadata: () => readMetadata(request.rawHeaders, keyOf),
    peer: () => peerOf(request),
  })
}
