import { Code, type Method, type RpcError, retryDelayMs, streamsResponses } from '../../kernel.js'
import type { HeaderList } from '../error.js'
import type { HttpRequest } from '../serve/http-message.js'
import { JSON_TYPE, NDJSON_TYPE, SSE_TYPE, weightOf } from '../wire/media-type.js'
import { FINAL_ID } from './event-id.js'

/** What a client that comes back may expect. */
export interface Prospect {
  /** It makes sense to go on behind the last message. */
  readonly resumable: boolean
  /** How long to wait before that, in ms, if the error says so. */
  readonly retryMs: number | undefined
}

/** How messages stand in a response that is a stream. */
export interface StreamFormat {
  readonly headers: HeaderList
  /** True if messages have an id. */
  readonly hasIds: boolean
  /** A message, given as JSON. */
  message(json: string, id: string): string
  /** The error that ends the stream, as JSON. */
  error(json: string, prospect: Prospect): string
  /** What ends a stream without error. */
  readonly end: string
  /** What shows that the stream is still there; empty if nothing can. */
  readonly heartbeat: string
}

/** A stream is neither to be kept nor to be held back by what stands between server and client. */
const PASSING: HeaderList = [
  ['Cache-Control', 'no-store'],
  ['X-Accel-Buffering', 'no'],
]

/** One object a line: `{"result":…}`, and `{"error":…}` if the stream fails. */
export function lineFormat(contentType: string): StreamFormat {
  return {
    headers: [['Content-Type', contentType], ...PASSING],
    hasIds: false,
    message: (json) => `{"result":${json}}\n`,
    error: (json) => `{"error":${json}}\n`,
    end: '',
    heartbeat: '',
  }
}

/**
 * Server-sent events: `message`, each with an id, then `error` or `end`. A browser that is cut off asks again with the last
 * id; the id of the end makes it ask for what `isPastEnd` knows, and so come to rest.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export const eventFormat: StreamFormat = {
  headers: [['Content-Type', SSE_TYPE], ...PASSING],
  hasIds: true,
  message: (json, id) => `event: message\nid: ${id}\ndata: ${json}\n\n`,
  error(json, { resumable, retryMs }) {
    const id = resumable ? '' : `id: ${FINAL_ID}\n`
    const retry = retryMs === undefined ? '' : `retry: ${Math.ceil(retryMs)}\n`
    return `event: error\n${id}${retry}data: ${json}\n\n`
  },
  end: `event: end\nid: ${FINAL_ID}\ndata: {}\n\n`,
  heartbeat: ':\n\n',
}

/** The format that an `Accept` likes best; where it likes several as much, events before lines. */
export function formatFor(accept: string | undefined): StreamFormat {
  const [events, lines, plain] = [SSE_TYPE, NDJSON_TYPE, JSON_TYPE].map((type) => weightOf(accept, type)) as [
    number,
    number,
    number,
  ]
  if (events > 0 && events >= lines && events >= plain) return eventFormat
  return lineFormat(lines > 0 && lines >= plain ? NDJSON_TYPE : JSON_TYPE)
}

/** True if a browser asks for what follows the end of its stream, and does so until it hears that there is nothing. */
export function isPastEnd({ headers }: Pick<HttpRequest, 'headers'>, { kind }: Method): boolean {
  if (headers['last-event-id'] !== FINAL_ID || !streamsResponses(kind)) return false
  return formatFor(headers.accept).hasIds
}

/** Says that there is nothing. */
export const PAST_END = { status: 204, headers: [['Cache-Control', 'no-store']], body: undefined } as const

/** A call that failed is over, unless the error says that it is worth another try: `UNAVAILABLE`, or with a `RetryInfo`. */
export function prospectOf(error: RpcError): Prospect {
  const retryMs = retryDelayMs(error)
  return { retryMs, resumable: retryMs !== undefined || error.code === Code.UNAVAILABLE }
}
