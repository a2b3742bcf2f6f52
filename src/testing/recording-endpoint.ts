import type { Context } from '../endpoint/context.js'
import type { Endpoint } from '../endpoint/endpoint.js'
import { streamsRequests, streamsResponses } from '../endpoint/method.js'

/** A call that a recording endpoint got. */
export interface RecordedCall {
  /** The request messages: one, or all of a stream. */
  readonly messages: readonly unknown[]
  readonly context: Context
}

/** An endpoint that remembers its calls. */
export interface RecordingEndpoint extends Endpoint {
  /** In the order of their arrival. */
  readonly calls: readonly RecordedCall[]
}

type Respond = (request: unknown, context: Context) => unknown

/**
 * Makes an endpoint that remembers its calls, and answers the first with the first response, the second with the second,
 * and all later ones with the last. For tests of middleware: `chain(retry())(recordingEndpoint(unavailable, 'ok'))`.
 *
 * A function `(request, context)` is called for its answer, an `Error` is thrown. Where the response is a stream, a list is its messages. Requests of a stream are read to the end
 * before the answer. Throws a `TypeError` without a response.
 */
export function recordingEndpoint(...responses: readonly unknown[]): RecordingEndpoint {
  if (responses.length === 0) throw new TypeError('recordingEndpoint needs a response')
  const calls: RecordedCall[] = []
  const endpoint = async (request: unknown, context: Context): Promise<unknown> => {
    const { kind } = context.method
    const messages: unknown[] = []
    const response = responses[Math.min(calls.length, responses.length - 1)]
    calls.push({ messages, context })
    if (streamsRequests(kind)) for await (const message of request as AsyncIterable<unknown>) messages.push(message)
    else messages.push(request)
    const answer = typeof response === 'function' ? await (response as Respond)(request, context) : response
    if (answer instanceof Error) throw answer
    return streamsResponses(kind) && Array.isArray(answer) ? streamOf(answer) : answer
  }
  return Object.assign(endpoint, { calls })
}

async function* streamOf(messages: readonly unknown[]): AsyncGenerator<unknown> {
  yield* messages
}
