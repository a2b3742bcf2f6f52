import type { IncomingMessage, RequestOptions } from 'node:http'
import type { JsonValue, MessageCodec } from '../../codec/message-codec.js'
import { errorFromStatusJson } from '../../codec/status-json.js'
import type { Context } from '../../endpoint/context.js'
import { type Method, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { untilCancelled } from '../../endpoint/serve.js'
import { tapStream } from '../../endpoint/stream.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import { readResponse, type SentRequest, sendRequest } from './call/client-request.js'
import { RequestWriter } from './call/request-writer.js'
import { formatTimeout, TIMEOUT_HEADER } from './deadline.js'
import { badResponse, errorOfResponse, type HeaderList, notReached, responseTooLong } from './error.js'
import { readMetadata, replaceMetadata, requestHeaders, responseKeys, trailerKeys } from './metadata.js'
import { parseResponse } from './wire/json.js'
import { readLines } from './wire/lines.js'
import { hasType, JSON_TYPE, NDJSON_TYPE } from './wire/media-type.js'

/** What a channel gives to each of its calls. */
export interface ClientCallHost {
  readonly secure: boolean
  readonly maxResponseBytes: number
  readonly connectTimeoutMs: number
  /** How a call of a method reaches the server. */
  requestOptions(method: Method): RequestOptions
}

/** What a call is of. */
export interface OutgoingCall {
  readonly method: Method
  readonly context: Context
}

/** One call of a channel. */
export class ClientCall {
  readonly #host: ClientCallHost
  readonly #method: Method
  readonly #context: Context
  readonly #ended: (error: RpcError | undefined) => void
  #stopFollowing: () => void = () => {}
  #sent: SentRequest | undefined
  #writer: RequestWriter | undefined
  /** Why this side ended the call, if it did. */
  #reason: RpcError | undefined
  #over = false

  /** `ended` is called once, when the call is over. */
  constructor(host: ClientCallHost, call: OutgoingCall, ended: (error: RpcError | undefined) => void) {
    const { method, context } = call
    this.#host = host
    this.#method = method
    this.#context = context
    this.#ended = ended
  }

  /** Makes the call; resolves with the response message, or with the stream of them. */
  async run(request: unknown): Promise<unknown> {
    // It may have been cancelled by now.
    this.#stopFollowing = this.#context.onCancel((reason) => this.fail(reason))
    try {
      const response = await untilCancelled(this.#context, () => this.#send(request))
      if (streamsResponses(this.#method.kind)) return this.#stream(response)
      const message = this.#messageOf(await untilCancelled(this.#context, () => this.#text(response)))
      this.#end()
      return message
    } catch (thrown) {
      throw this.#failure(thrown)
    }
  }

  /** Ends the call from this side. */
  fail(reason: RpcError): void {
    this.#reason ??= reason
    this.#end(reason)
  }

  #send(request: unknown): Promise<IncomingMessage> {
    const streams = streamsRequests(this.#method.kind)
    const body = streams ? undefined : JSON.stringify(this.#method.request.toJson(request))
    const { clock } = this.#context
    const { secure, connectTimeoutMs } = this.#host
    this.#sent = sendRequest({
      secure,
      connectTimeoutMs,
      options: this.#host.requestOptions(this.#method),
      headers: this.#headers(body),
      schedule: (delayMs, fire) => clock.schedule(delayMs, fire),
    })
    if (body === undefined) this.#pump(request as AsyncIterable<unknown>, this.#sent)
    else this.#sent.request.end(body)
    return this.#sent.response
  }

  #headers(body: string | undefined): HeaderList {
    const { kind } = this.#method
    const remainingMs = this.#context.remainingMs()
    const headers: (readonly [string, string])[] = [
      ['Accept', streamsResponses(kind) ? NDJSON_TYPE : JSON_TYPE],
      ['Content-Type', body === undefined ? NDJSON_TYPE : JSON_TYPE],
      ['TE', 'trailers'],
      ['Connection', 'keep-alive, TE'],
    ]
    if (body !== undefined) headers.push(['Content-Length', String(Buffer.byteLength(body))])
    if (remainingMs !== undefined) headers.push([TIMEOUT_HEADER, formatTimeout(remainingMs)])
    return [...headers, ...requestHeaders(this.#context.metadata)]
  }

  #pump(requests: AsyncIterable<unknown>, { request, connected }: SentRequest): void {
    const { request: codec } = this.#method
    const writer = new RequestWriter(request, requests, (message) => JSON.stringify(codec.toJson(message)))
    this.#writer = writer
    // The handler may have something to say before the first request is there.
    request.flushHeaders()
    // A stream of requests that fails takes the call with it.
    connected.then(() => writer.run()).catch((thrown) => this.fail(RpcError.from(thrown)))
  }

  async #text(response: IncomingMessage): Promise<string> {
    this.#receiveHead(response)
    const { maxResponseBytes } = this.#host
    const text = await readResponse(response, maxResponseBytes, () => responseTooLong(maxResponseBytes))
    this.#receiveTrailers(response)
    if (response.statusCode !== 200) throw errorOfResponse(response.statusCode ?? 0, text)
    return text
  }

  #messageOf(text: string): unknown {
    return readMessage(this.#method.response, parseResponse<JsonValue>(text))
  }

  #stream(response: IncomingMessage): AsyncIterable<unknown> {
    return tapStream(this.#messages(response), {
      step: (take) => untilCancelled(this.#context, take),
      abandoned: () => this.fail(new RpcError(Code.CANCELLED, 'the stream was abandoned')),
    })
  }

  async *#messages(response: IncomingMessage): AsyncGenerator<unknown> {
    try {
      if (response.statusCode !== 200) await this.#text(response)
      this.#receiveHead(response)
      yield* this.#results(response)
      this.#end()
    } catch (thrown) {
      throw this.#failure(thrown)
    }
  }

  async *#results(response: IncomingMessage): AsyncGenerator<unknown> {
    const type = response.headers['content-type']
    if (!hasType(type, NDJSON_TYPE) && !hasType(type, JSON_TYPE)) throw badResponse('the response is not a stream')
    let error: RpcError | undefined
    for await (const line of readLines(response, { limit: this.#host.maxResponseBytes, overLimit: responseTooLong })) {
      const { result, error: status } = parseResponse<{ result?: JsonValue; error?: JsonValue }>(line.toString('utf8'))
      if (status !== undefined) error ??= errorFromStatusJson(status) ?? badResponse('the stream ended with no status')
      else if (result !== undefined) yield readMessage(this.#method.response, result)
    }
    this.#receiveTrailers(response)
    if (error) throw error
  }

  #receiveHead({ rawHeaders, socket }: IncomingMessage): void {
    const context = this.#context
    context.peer = { address: `${socket.remoteAddress}:${socket.remotePort}` }
    const received = readMetadata(rawHeaders, responseKeys)
    if (received.size > 0 || context.hasResponseHeaders) replaceMetadata(context.responseHeaders, received)
  }

  #receiveTrailers({ rawTrailers }: IncomingMessage): void {
    const context = this.#context
    const received = readMetadata(rawTrailers, trailerKeys)
    if (received.size > 0 || context.hasResponseTrailers) replaceMetadata(context.responseTrailers, received)
  }

  #failure(thrown: unknown): RpcError {
    const reason = this.#reason ?? this.#context.cancelled
    const error = reason ?? (thrown instanceof RpcError ? thrown : notReached(thrown as Error, false))
    this.#end(error)
    return error
  }

  #end(error?: RpcError): void {
    if (this.#over) return
    this.#over = true
    this.#stopFollowing()
    this.#writer?.close()
    if (error) this.#sent?.abort(error)
    this.#ended(error)
  }
}

function readMessage<T>(codec: MessageCodec<T>, json: JsonValue): T {
  try {
    return codec.fromJson(json, { ignoreUnknownFields: true })
  } catch (cause) {
    throw badResponse(`the response does not fit ${codec.typeName}`, cause)
  }
}
