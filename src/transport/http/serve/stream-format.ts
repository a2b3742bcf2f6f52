import type { HeaderList } from '../error.js'

/** How messages stand in a response that is a stream. */
export interface StreamFormat {
  readonly headers: HeaderList
  /** A message, given as JSON, the n-th of its stream. */
  message(json: string, n: number): string
  /** The error that ends the stream, a `google.rpc.Status` as JSON. */
  error(json: string): string
  /** What ends a stream without error. */
  readonly end: string
  /** What shows that the stream is still there; empty if nothing can. */
  readonly heartbeat: string
}

/** One object a line: `{"result":…}`, and `{"error":…}` if the stream fails. */
export function lineFormat(contentType: string): StreamFormat {
  return {
    headers: [['Content-Type', contentType]],
    message: (json) => `{"result":${json}}\n`,
    error: (json) => `{"error":${json}}\n`,
    end: '',
    heartbeat: '',
  }
}

/**
 * Server-sent events: `message` with a number as its id, then `error` or `end`. Without the `end` a browser would not
 * know a stream that is over from one that broke, and would ask for it again.
 *
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 */
export const eventFormat: StreamFormat = {
  headers: [
    ['Content-Type', 'text/event-stream'],
    ['Cache-Control', 'no-cache'],
    ['X-Accel-Buffering', 'no'],
  ],
  message: (json, n) => `event: message\nid: ${n}\ndata: ${json}\n\n`,
  error: (json) => `event: error\ndata: ${json}\n\n`,
  end: 'event: end\ndata: {}\n\n',
  heartbeat: ':\n\n',
}
