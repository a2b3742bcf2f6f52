import { lazyCrypto } from '../codec/library/lazy-crypto.js'
import { currentContext } from '../endpoint/ambient.js'
import type { Context } from '../endpoint/context.js'
import { lazyValue } from '../endpoint/context-value.js'
import { Metadata, type MetadataInit, type MetadataValue } from '../endpoint/metadata.js'
import type { Middleware } from '../endpoint/middleware.js'
import { REQUEST_ID_HEADER, requestIdKey } from '../observability/request-id.js'

/** What travels with calls beside their messages. */
export interface MetadataOptions {
  /** Sent with every call that a client makes, unless the call says otherwise. */
  readonly constants?: MetadataInit | undefined
  /**
   * Keys of a served call's metadata that go on to the calls that it makes; with `*` at the end, all that begin so:
   * `['x-tenant', 'x-flag-*']`. What begins with `x-md-global-` always goes on. Never `grpc-`, which is the transport's.
   */
  readonly forward?: readonly string[] | undefined
  /** Whether calls carry a request id in `x-request-id`; they do by default. */
  readonly requestId?: boolean | undefined
}

/** What a request id from outside may look like: it goes into logs, and into headers of the response. */
const REQUEST_ID = /^[\w.:/+=@-]{1,128}$/

/**
 * Passes on metadata. On a client it adds constants, and what the call that is served brought and should go on. On a
 * server it gives each call a request id, the caller's own if that is of decent form, which is written into logs and passed
 * on to the calls that the handler makes. Where anything did so before the response begins, the id is sent back with it.
 */
export function metadata({ constants, forward = [], requestId = true }: MetadataOptions = {}): Middleware {
  const fixed = new Metadata(constants)
  const goesOn = keyMatcher(forward)
  return (next) =>
    function metadata(request, context) {
      if (context.side === 'server') {
        if (requestId) context.set(requestIdKey, received)
        return next(request, context)
      }
      const serving = currentContext()
      if (serving?.side === 'server') inherit(context, serving, { goesOn, requestId })
      for (const [key, values] of fixed) offer(context.metadata, key, values)
      return next(request, context)
    }
}

/** The request id of a served call: found or made when somebody first wants it, since few calls need one. */
const received = lazyValue((context) => {
  const given = context.metadata.get(REQUEST_ID_HEADER)
  const id = given !== undefined && REQUEST_ID.test(given) ? given : lazyCrypto().randomUUID()
  context.responseHeaders.set(REQUEST_ID_HEADER, id)
  return id
})

/** Gives a call that is about to be made what goes on from the one that it serves. */
function inherit(
  context: Context,
  serving: Context,
  { goesOn, requestId }: { goesOn(key: string): boolean; requestId: boolean },
): void {
  const id = requestId ? serving.get(requestIdKey) : undefined
  if (id !== undefined) offer(context.metadata, REQUEST_ID_HEADER, [id])
  for (const [key, values] of serving.metadata) {
    if (goesOn(key)) offer(context.metadata, key, values)
  }
}

/** Sets a key, unless the call has one of its own. */
function offer(metadata: Metadata, key: string, values: readonly MetadataValue[]): void {
  if (!metadata.has(key)) metadata.set(key, ...values)
}

function keyMatcher(forward: readonly string[]): (key: string) => boolean {
  const keys = forward.map((key) => key.toLowerCase())
  const exact = new Set(keys)
  const prefixes = keys.filter((key) => key.endsWith('*')).map((key) => key.slice(0, -1))
  return (key) => !key.startsWith('grpc-') && (exact.has(key) || prefixes.some((prefix) => key.startsWith(prefix)))
}
