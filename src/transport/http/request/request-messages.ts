import { type Context, RpcError } from '../../kernel.js'
import { requestOf } from '../bind.js'
import type { RawPlace } from '../raw/raw-place.js'
import { rawRequests } from '../raw/raw-stream.js'
import { bodyStream } from '../serve/body.js'
import { overLimit } from '../serve/body-collector.js'
import type { HttpRequest } from '../serve/http-message.js'
import { parseRequest } from '../wire/json.js'
import { readLines } from '../wire/lines.js'
import { brokenBody, inMessage } from './broken-body.js'

/** How a stream of requests is read. */
export interface RequestMessagesInit {
  readonly context: Context
  /** Where the body goes if it is not lines of JSON. */
  readonly raw: RawPlace | undefined
  /** Longest line, in bytes. */
  readonly limit: number
}

/**
 * The messages of a request stream: its lines, or the chunks of a body that goes into messages as it is. What is wrong with a
 * line says which message it is.
 */
export async function* requestMessages(request: HttpRequest, init: RequestMessagesInit): AsyncGenerator<unknown> {
  const { context, raw, limit } = init
  const source = bodyStream(request)
  let read = 0
  try {
    if (raw) {
      yield* rawRequests(source, raw, request.headers['content-type'])
      return
    }
    for await (const line of readLines(source, { limit, overLimit })) {
      const message = requestOf(parseRequest(line), context.method.request)
      read += 1
      yield message
    }
  } catch (thrown) {
    const isOfMessage = !raw && thrown instanceof RpcError
    throw isOfMessage ? inMessage(read + 1, thrown) : brokenBody(thrown, request, context)
  }
}
