import { jsonText, type Metadata, streamsRequests } from '../../kernel.js'
import { requestOf } from '../bind.js'
import { badRequest } from '../error.js'
import { responseHeaders } from '../metadata.js'
import type { Match } from '../route/router.js'
import { NO_BODY } from '../serve/body-collector.js'
import type { SocketRoute } from './socket-routes.js'

/** What messages are made of beside their frames. */
export interface SocketMessagesInit {
  readonly match: Match<SocketRoute>
  /** What follows the question mark, without what is the socket's own. */
  readonly query: string
  /** Messages are protobuf. */
  readonly binary: boolean
}

/** Turns frames into messages of a method and back. */
export class SocketMessages {
  /** How many frames with messages the client may send. */
  readonly expected: number
  /** Messages are protobuf. */
  readonly binary: boolean
  readonly #init: SocketMessagesInit

  constructor(init: SocketMessagesInit) {
    const { method, ruleHasBody } = init.match.target
    this.#init = init
    this.binary = init.binary
    if (streamsRequests(method.kind)) this.expected = Number.POSITIVE_INFINITY
    else this.expected = ruleHasBody && init.query === '' ? 1 : 0
  }

  /** Refuses a path and a query that do not fit before anything is called. */
  check(): void {
    if (this.expected === 0) this.fromHead()
    else this.#bind(NO_BODY)
  }

  /** The request that path and query make. */
  fromHead(): unknown {
    const { match, query } = this.#init
    const { headBinder, method } = match.target
    return requestOf(headBinder?.bind({ values: match.values, query, body: NO_BODY }) ?? null, method.request)
  }

  /** The request that a frame makes. Throws `INVALID_ARGUMENT`. */
  fromFrame(frame: Buffer): unknown {
    const { match, binary } = this.#init
    const { request } = match.target.method
    if (!binary) return requestOf(this.#bind(frame), request)
    const message = this.#decode(frame)
    if (match.values.length === 0) return message
    return requestOf(this.#bind(Buffer.from(jsonText(request, message))), request)
  }

  /** The frame of a response. */
  toFrame(message: unknown): string | Uint8Array {
    const { match, binary } = this.#init
    const { method, toText } = match.target
    return binary ? method.response.encode(message) : `{"result":${toText(message)}}`
  }

  #bind(body: Buffer): ReturnType<SocketRoute['binder']['bind']> {
    const { match, query } = this.#init
    return match.target.binder.bind({ values: match.values, query, body })
  }

  #decode(frame: Buffer): unknown {
    const { request } = this.#init.match.target.method
    try {
      return request.decode(frame)
    } catch (thrown) {
      const { cause } = thrown as Error
      const problem = cause instanceof Error ? cause.message : 'it cannot be read'
      throw badRequest(`the message is not ${request.typeName} in protobuf: ${problem}`)
    }
  }
}

/** Metadata in JSON: lists of values, those of `-bin` keys in base64. */
export function metadataJson(metadata: Metadata): Record<string, string[]> {
  const json: Record<string, string[]> = Object.create(null)
  for (const [key, value] of responseHeaders(metadata, '')) {
    json[key] ??= []
    json[key].push(value)
  }
  return json
}
