import type { RawData, WebSocket } from 'ws'
import {
  Code,
  type Context,
  errorFromStatusJson,
  type JsonValue,
  jsonText,
  Metadata,
  RpcError,
  tapStream,
  untilCancelled,
} from '../../kernel.js'
import { formatTimeout, TIMEOUT_HEADER } from '../deadline.js'
import { badResponse, type HeaderList, notReached, responseTooLong } from '../error.js'
import { readMetadata, replaceMetadata, requestHeaders } from '../metadata.js'
import { SocketReader } from '../websocket/socket-reader.js'
import { SocketWriter } from '../websocket/socket-writer.js'
import { parseResponse } from '../wire/json.js'
import { openClient, type SocketClientHost } from './open-client.js'

/** A frame of a server, by what is in it. */
interface Frame {
  readonly headers?: JsonValue
  readonly result?: JsonValue
  readonly end?: { readonly trailers?: JsonValue }
  readonly error?: JsonValue
  readonly trailers?: JsonValue
}

/** `readyState` of a WebSocket that is neither on its way nor closed. */
const OPEN = 1

/** One call of a channel that streams both ways, over a WebSocket of its own. */
export class SocketClientCall {
  readonly #host: SocketClientHost
  readonly #context: Context
  readonly #ended: (error: RpcError | undefined) => void
  #socket: WebSocket | undefined
  #responses: SocketReader | undefined
  #requests: AsyncIterator<unknown> | undefined
  #stopFollowing: () => void = () => {}
  /** Why the call failed, if it did. */
  #error: RpcError | undefined
  #over = false

  /** `ended` is called once, when the call is over. */
  constructor(host: SocketClientHost, context: Context, ended: (error: RpcError | undefined) => void) {
    this.#host = host
    this.#context = context
    this.#ended = ended
  }

  /** Makes the call; resolves with the stream of responses once the server has taken it. */
  async run(requests: unknown): Promise<AsyncIterable<unknown>> {
    this.#requests = (requests as AsyncIterable<unknown>)[Symbol.asyncIterator]()
    this.#stopFollowing = this.#context.onCancel((reason) => this.fail(reason))
    try {
      const socket = await untilCancelled(this.#context, () => this.#open())
      this.#pump(socket).catch((thrown) => this.fail(RpcError.from(thrown)))
      return tapStream(this.#messages(), {
        step: (take) => untilCancelled(this.#context, take),
        abandoned: () => this.fail(new RpcError(Code.CANCELLED, 'the stream was abandoned')),
      })
    } catch (thrown) {
      this.fail(RpcError.from(thrown))
      throw this.#error ?? thrown
    }
  }

  /** Ends the call from this side. */
  fail(reason: RpcError): void {
    this.#end(reason)
    this.#socket?.terminate()
  }

  #open(): Promise<WebSocket> {
    const { clock, method } = this.#context
    return openClient({
      host: this.#host,
      path: method.path,
      headers: this.#headers(),
      schedule: (delayMs, fire) => clock.schedule(delayMs, fire),
      take: (socket) => {
        this.#listen(socket)
        if (this.#over) socket.terminate()
      },
    })
  }

  #headers(): HeaderList {
    const remainingMs = this.#context.remainingMs()
    const own = remainingMs === undefined ? [] : [[TIMEOUT_HEADER, formatTimeout(remainingMs)] as const]
    return [...own, ...requestHeaders(this.#context.metadata)]
  }

  /** The first frames may come with the opening. */
  #listen(socket: WebSocket): void {
    this.#socket = socket
    this.#responses = new SocketReader(socket)
    socket.on('message', (content) => this.#take(content))
    socket.once('upgrade', ({ socket: { remoteAddress, remotePort } }) => {
      this.#context.peer = { address: `${remoteAddress}:${remotePort}` }
    })
    socket.once('open', () => {
      socket.on('error', (error) => this.#end(lost(error, this.#host.maxResponseBytes)))
      socket.on('close', (code, reason) => this.#end(closedBy(code, reason.toString('utf8'))))
    })
  }

  #take(content: RawData): void {
    if (this.#over) return
    try {
      this.#read(content as Buffer)
    } catch (thrown) {
      this.fail(RpcError.from(thrown))
    }
  }

  #read(content: Buffer): void {
    const { headers, result, end, error, trailers } = frameOf(content)
    const context = this.#context
    if (headers !== undefined) replaceMetadata(context.responseHeaders, metadataOf(headers))
    const last = end?.trailers ?? trailers
    if (last !== undefined) replaceMetadata(context.responseTrailers, metadataOf(last))
    if (result !== undefined) this.#responses?.push(content)
    if (end !== undefined) this.#end()
    else if (error !== undefined)
      this.#end(errorFromStatusJson(error) ?? badResponse('the stream ended with no status'))
  }

  async #pump(socket: WebSocket): Promise<void> {
    const { request } = this.#context.method
    const writer = new SocketWriter(socket, { clock: this.#context.clock, writeTimeoutMs: 0 })
    const requests = this.#requests
    for (let next = await requests?.next(); next && !next.done && !this.#over; next = await requests?.next()) {
      await writer.send(jsonText(request, next.value))
    }
    if (!this.#over) await writer.send('')
  }

  async *#messages(): AsyncGenerator<unknown> {
    for await (const frame of this.#responses ?? []) yield this.#message(frame)
    if (this.#error) throw this.#error
  }

  #message(frame: Buffer): unknown {
    const { response } = this.#context.method
    const { result = null } = frameOf(frame)
    try {
      return response.fromJson(result, { ignoreUnknownFields: true })
    } catch (cause) {
      const error = badResponse(`the response does not fit ${response.typeName}`, cause)
      this.fail(error)
      throw error
    }
  }

  #end(error?: RpcError): void {
    if (this.#over) return
    this.#over = true
    this.#error = error
    this.#stopFollowing()
    this.#requests?.return?.().catch(() => {})
    if (this.#socket?.readyState === OPEN) this.#socket.close()
    // What has come before the end is still to be read, unless this side gave the call up.
    if (this.#context.cancelled && error) this.#responses?.fail(error)
    else this.#responses?.end()
    this.#ended(error)
  }
}

/** Reads a frame. Throws `INTERNAL` for what is none; what is in it under other names is for later versions. */
function frameOf(content: Buffer): Frame {
  const frame = parseResponse<Frame>(content.toString('utf8'))
  if (typeof frame === 'object' && frame !== null && !Array.isArray(frame)) return frame
  throw badResponse('a frame of the WebSocket is no JSON object')
}

function lost(error: NodeJS.ErrnoException, limit: number): RpcError {
  return error.code === 'WS_ERR_UNSUPPORTED_MESSAGE_LENGTH' ? responseTooLong(limit) : notReached(error, false)
}

/** What a socket that is closed without a last frame tells. */
function closedBy(code: number, reason: string): RpcError {
  if (code === 1008 || code === 1009) return new RpcError(Code.RESOURCE_EXHAUSTED, reason || 'a request is too long')
  return notReached(new Error(reason || `the WebSocket was closed with ${code}`), false)
}

/** Reads metadata out of a frame; what is none is left out. */
function metadataOf(json: JsonValue): Metadata {
  if (typeof json !== 'object' || json === null) return new Metadata()
  const lines = Object.entries(json).flatMap(([key, values]) =>
    (Array.isArray(values) ? values : []).flatMap((value) => (typeof value === 'string' ? [key, value] : [])),
  )
  return readMetadata(lines, (key) => key)
}
