import type {
  ConnectionListener,
  Fields,
  HeaderBlock,
  Http2Stream,
  StreamEnd,
  StreamListener,
} from '../../../src/http2/http2.js'

/** One call of a listener, as plain values; `stream` is 0 for the connection. */
export interface Heard {
  readonly call: string
  readonly stream: number
  readonly fields?: Fields
  body?: string
  end?: boolean
  readonly ended?: StreamEnd
  readonly text?: string
  readonly code?: number
}

interface Life {
  readonly id: number
  /** True once the other side sent all. */
  complete: boolean
  over: boolean
  readonly stream: () => Http2Stream | undefined
}

/** What the application does when it hears something. */
export interface Behaviour {
  /** A request's header block arrived. */
  onRequest?(stream: Http2Stream, path: string): void
  /** Everything of a request or response arrived. */
  onComplete?(stream: Http2Stream, path: string): void
  onContent?(stream: Http2Stream, bytes: number): void
  onDrain?(stream: Http2Stream): void
  onOutput?(): void
  /** Anything but content or room was heard. */
  onCall?(one: Heard): void
}

/** The value of a field. */
export function fieldOf(fields: Fields, name: string): string | undefined {
  const at = fields.findIndex((field, index) => index % 2 === 0 && field === name)
  return at < 0 ? undefined : fields[at + 1]
}

/** Hears everything that a machine says, and notes where it breaks the promises of the seam. */
export class Recorder implements ConnectionListener {
  readonly heard: Heard[] = []
  readonly violations: string[] = []
  /** Streams of a server by their ids. */
  readonly streams = new Map<number, Http2Stream>()
  output = false
  closed = false
  #lives: Life[] = []
  #behaviour: Behaviour

  constructor(behaviour: Behaviour = {}) {
    this.#behaviour = behaviour
  }

  /** Calls of one kind. */
  calls(call: string, stream?: number): Heard[] {
    return this.heard.filter((one) => one.call === call && (stream === undefined || one.stream === stream))
  }

  /** The stream of this id, on either end. */
  opened(id: number): Http2Stream | undefined {
    return this.#lives.find((life) => life.id === id)?.stream()
  }

  /** All streams that there were. */
  get open(): Http2Stream[] {
    return this.#lives.map((life) => life.stream()).filter((stream) => stream !== undefined)
  }

  /** Resets a stream from this side. */
  reset(id: number, code: number): void {
    this.opened(id)?.reset(code)
  }

  #note(one: Heard): void {
    if (this.closed) this.violations.push(`${one.call} after onClose`)
    this.heard.push(one)
    if (one.call !== 'content') this.#behaviour.onCall?.(one)
  }

  onStream = (stream: Http2Stream, block: HeaderBlock, endStream: boolean): StreamListener => {
    this.#note({ call: 'stream', stream: stream.id, fields: block.fields, end: endStream })
    if (this.streams.has(stream.id)) this.violations.push(`stream ${stream.id} twice`)
    this.streams.set(stream.id, stream)
    const path = fieldOf(block.fields, ':path') ?? ''
    const listener = this.listen(stream.id, () => stream, path, endStream)
    this.#behaviour.onRequest?.(stream, path)
    if (endStream) this.#behaviour.onComplete?.(stream, path)
    return listener
  }

  /** A listener for one stream; `complete` says that nothing but its end can be heard. */
  listen(id: number, stream: () => Http2Stream | undefined, path = '', complete = false): StreamListener {
    const life: Life = { id, complete, over: false, stream }
    this.#lives.push(life)
    const note = (one: Heard, last: boolean): void => {
      if (life.over || life.complete) this.violations.push(`${one.call} on stream ${life.id} after its end`)
      life.complete = last
      this.#note(one)
      const open = stream()
      if (last && open) this.#behaviour.onComplete?.(open, path)
    }
    return {
      onHeaders: ({ fields }, end) => note({ call: 'headers', stream: life.id, fields, end }, end),
      onData: (bytes, end) => {
        note({ call: 'content', stream: life.id, body: Buffer.from(bytes).toString('latin1'), end }, end)
        const open = stream()
        if (open) this.#behaviour.onContent?.(open, bytes.length)
      },
      onTrailers: ({ fields }) => note({ call: 'trailers', stream: life.id, fields }, true),
      onEnd: (ended) => {
        if (life.over) this.violations.push(`onEnd twice on stream ${life.id}`)
        life.over = true
        this.#note({ call: 'end', stream: life.id, ended })
      },
      onDrain: () => {
        if (life.over) this.violations.push(`onDrain on stream ${life.id} after its end`)
        const open = stream()
        if (open) this.#behaviour.onDrain?.(open)
      },
    }
  }

  onOutput = (): void => {
    if (this.output) this.violations.push('onOutput again before the output was taken')
    this.output = true
    this.#behaviour.onOutput?.()
  }

  onReady = (): void => this.#note({ call: 'ready', stream: 0 })
  onCapacity = (): void => this.#note({ call: 'capacity', stream: 0 })
  onGoaway = (code: number, text: string): void => this.#note({ call: 'goaway', stream: 0, code, text })
  onPing = (): void => this.#note({ call: 'ping', stream: 0 })
  onIdle = (): void => this.#note({ call: 'idle', stream: 0 })
  onBreach = (text: string): void => this.#note({ call: 'breach', stream: 0, text })

  onClose = (error: Error | undefined): void => {
    if (this.closed) this.violations.push('onClose twice')
    this.#note({ call: 'close', stream: 0, ...(error ? { text: error.message } : {}) })
    this.closed = true
  }
}
