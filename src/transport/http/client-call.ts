import type { IncomingMessage, RequestOptions } from 'node:http'
import { jsonText } from '../../codec/json-text.js'
import type { JsonValue, MessageCodec } from '../../codec/message-codec.js'
import { errorFromStatusJson } from '../../codec/status-json.js'
import type { Context } from '../../endpoint/context.js'
import { type Method, streamsRequests, streamsResponses } from '../../endpoint/method.js'
import { untilCancelled } from '../../endpoint/serve.js'
import { tapStream } from '../../endpoint/stream.js'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { CallForm } from './call/call-form.js'
import type { ClientEnvelope } from './call/client-envelope.js'
import { readResponse, type SentRequest, sendRequest } from './call/client-request.js'
import { peek } from './call/peeked.js'
import { RequestWriter, type ToContent } from './call/request-writer.js'
import type { WrittenRequest } from './call/written-request.js'
import { formatTimeout, TIMEOUT_HEADER } from './deadline.js'
import { badResponse, errorOfResponse, type HeaderList, notReached, responseTooLong } from './error.js'
import { readMetadata, replaceMetadata, requestHeaders, responseKeys, trailerKeys } from './metadata.js'
import type { RawPlace } from './raw/raw-place.js'
import { rawRequests } from './raw/raw-stream.js'
import { parseResponse } from './wire/json.js'
import { readLines } from './wire/lines.js'
import { hasType, JSON_TYPE, NDJSON_TYPE, protobufType } from './wire/media-type.js'

/** What a channel gives to each of its calls. */
export interface ClientCallHost {
  readonly secure: boolean
  readonly maxResponseBytes: number
  readonly connectTimeoutMs: number
  /** How calls reach the server. */
  requestOptions(line: Pick<WrittenRequest, 'method' | 'path'>): RequestOptions
  /** Takes what the server sends out of its envelope. */
  readonly envelope: ClientEnvelope | undefined
}

/** What a call is of. */
export interface OutgoingCall {
  /** How it is written. */
  readonly form: CallForm
  readonly context: Context
}

/** The body of a request; it has a type alone where it is a stream. */
type Content = Pick<WrittenRequest, 'type'> & Partial<WrittenRequest>

/** One call of a channel. */
export class ClientCall {
  readonly #host: ClientCallHost
  readonly #method: Method
  readonly #form: CallForm
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
    const { form, context } = call
    this.#host = host
    this.#form = form
    this.#method = form.method
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
      const message = await untilCancelled(this.#context, () => this.#message(response))
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

  async #send(request: unknown): Promise<IncomingMessage> {
    if (!streamsRequests(this.#method.kind)) {
      const written = this.#form.write(request)
      const sent = this.#open(written, written)
      sent.request.end(written.body)
      return sent.response
    }
    const { rawRequest, line } = this.#form
    const stream = request as AsyncIterable<unknown>
    // The head of a raw body has the type that the first message says.
    const { first, all } = rawRequest ? await peek(stream) : { first: undefined, all: stream }
    const type = first === undefined ? '' : rawRequest?.read(first).type
    const sent = this.#open(line, { type: rawRequest ? type || 'application/octet-stream' : NDJSON_TYPE })
    this.#pump(all, sent)
    return sent.response
  }

  #open(line: Pick<WrittenRequest, 'method' | 'path'>, content: Content): SentRequest {
    const { clock } = this.#context
    const { secure, connectTimeoutMs } = this.#host
    this.#sent = sendRequest({
      secure,
      connectTimeoutMs,
      options: this.#host.requestOptions(line),
      headers: this.#headers(content),
      schedule: (delayMs, fire) => clock.schedule(delayMs, fire),
    })
    return this.#sent
  }

  #headers(content: Content): HeaderList {
    const { kind } = this.#method
    const remainingMs = this.#context.remainingMs()
    const json = streamsResponses(kind) ? NDJSON_TYPE : JSON_TYPE
    const headers: (readonly [string, string])[] = [
      ['Accept', this.#form.rawResponse ? '*/*' : json],
      ['TE', 'trailers'],
      ['Connection', 'keep-alive, TE'],
    ]
    const { type, body } = content
    if (body !== undefined || !('body' in content)) headers.push(['Content-Type', type])
    if (body !== undefined) headers.push(['Content-Length', String(Buffer.byteLength(body))])
    if (remainingMs !== undefined) headers.push([TIMEOUT_HEADER, formatTimeout(remainingMs)])
    return [...headers, ...requestHeaders(this.#context.metadata)]
  }

  #pump(requests: AsyncIterable<unknown>, { request, connected }: SentRequest): void {
    const { request: codec } = this.#method
    const { rawRequest } = this.#form
    const toContent: ToContent = rawRequest
      ? (message) => rawRequest.read(message).bytes
      : (message) => `${jsonText(codec, message)}\n`
    const writer = new RequestWriter(request, requests, toContent)
    this.#writer = writer
    // The handler may have something to say before the first request is there.
    request.flushHeaders()
    // A stream of requests that fails takes the call with it.
    connected.then(() => writer.run()).catch((thrown) => this.fail(RpcError.from(thrown)))
  }

  async #body(response: IncomingMessage): Promise<Buffer> {
    this.#receiveHead(response)
    const { maxResponseBytes, envelope } = this.#host
    const body = await readResponse(response, maxResponseBytes, () => responseTooLong(maxResponseBytes))
    this.#receiveTrailers(response)
    const { statusCode = 0, headers } = response
    if (isSuccess(statusCode)) return body
    if (protobufType(headers['content-type']) !== undefined) throw errorOfResponse(statusCode, body)
    throw errorOfResponse(statusCode, body.toString('utf8'), envelope?.error)
  }

  async #message(response: IncomingMessage): Promise<unknown> {
    const body = await this.#body(response)
    const { rawResponse } = this.#form
    if (rawResponse) return rawResponse.fill({}, { type: response.headers['content-type'] ?? '', bytes: body })
    if (body.length === 0 && response.statusCode !== 200) return readMessage(this.#method.response, {})
    const json = parseResponse<JsonValue>(body.toString('utf8'))
    const { envelope } = this.#host
    return readMessage(this.#method.response, this.#form.responseJson(envelope?.success?.(json) ?? json))
  }

  #stream(response: IncomingMessage): AsyncIterable<unknown> {
    return tapStream(this.#messages(response), {
      step: (take) => untilCancelled(this.#context, take),
      abandoned: () => this.fail(new RpcError(Code.CANCELLED, 'the stream was abandoned')),
    })
  }

  async *#messages(response: IncomingMessage): AsyncGenerator<unknown> {
    try {
      if (!isSuccess(response.statusCode ?? 0)) await this.#body(response)
      this.#receiveHead(response)
      const { rawResponse } = this.#form
      if (rawResponse) yield* this.#chunks(response, rawResponse)
      else yield* this.#results(response)
      this.#end()
    } catch (thrown) {
      throw this.#failure(thrown)
    }
  }

  async *#chunks(response: IncomingMessage, place: RawPlace): AsyncGenerator<unknown> {
    yield* rawRequests(response, place, response.headers['content-type'])
    this.#receiveTrailers(response)
  }

  async *#results(response: IncomingMessage): AsyncGenerator<unknown> {
    const type = response.headers['content-type']
    if (!hasType(type, NDJSON_TYPE) && !hasType(type, JSON_TYPE)) throw badResponse('the response is not a stream')
    let error: RpcError | undefined
    for await (const line of readLines(response, { limit: this.#host.maxResponseBytes, overLimit: responseTooLong })) {
      const { result, error: status } = parseResponse<{ result?: JsonValue; error?: JsonValue }>(line.toString('utf8'))
      if (status !== undefined) error ??= errorFromStatusJson(status) ?? badResponse('the stream ended with no status')
      else if (result !== undefined) yield readMessage(this.#method.response, this.#form.responseJson(result))
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

function isSuccess(status: number): boolean {
  return status >= 200 && status < 300
}

function readMessage<T>(codec: MessageCodec<T>, json: JsonValue): T {
  try {
    return codec.fromJson(json, { ignoreUnknownFields: true })
  } catch (cause) {
    throw badResponse(`the response does not fit ${codec.typeName}`, cause)
  }
}
