import { type HeaderList, wrongMethod } from '../../error.js'
import type { HttpRequest } from '../../serve/http-message.js'
import type { FramedWire } from '../framed/framed-wire.js'
import type { FrameReading } from '../framed/request-frames.js'
import { formatOf, type MessageFormat, protoFormat } from '../message-format.js'
import { essenceOf } from '../recognize.js'
import { Code, framingError, type JsonValue, type Method, RpcError, streamsRequests, streamsResponses } from '../rpc.js'
import { callersFault, connectError } from './connect-error.js'
import { acceptsGzip, CONNECT_ENCODINGS, checkVersion, encodingOf, timeoutOf, wrongType } from './connect-request.js'

/** The second bit of a frame's flags: it ends the stream. */
const END_STREAM = 2
const PREFIX = 'application/connect+'

/**
 * Streams of the Connect protocol.
 *
 * @see https://connectrpc.com/docs/protocol#streaming-rpcs
 */
export class ConnectStreamWire implements FramedWire {
  readonly format: MessageFormat
  readonly writesText = false
  readonly exposed: readonly string[] = ['connect-content-encoding', 'connect-accept-encoding']
  readonly #request: HttpRequest
  readonly #maxBytes: number
  readonly #known: MessageFormat | undefined
  #encoding: 'gzip' | undefined

  constructor(request: HttpRequest, maxBytes: number) {
    this.#request = request
    this.#maxBytes = maxBytes
    const type = essenceOf(request.headers['content-type'])
    this.#known = type.startsWith(PREFIX) ? formatOf(type.slice(PREFIX.length)) : undefined
    this.format = this.#known ?? protoFormat
  }

  get acceptsGzip(): boolean {
    return acceptsGzip(this.#request.headers['connect-accept-encoding'], this.#encoding)
  }

  get reading(): FrameReading {
    const maxBytes = this.#maxBytes
    return {
      rules: { encoding: this.#encoding, maxBytes },
      text: false,
      fault: (fault) => {
        const error = framingError(fault, maxBytes, 'Connect')
        return fault === 'truncated' ? callersFault(error) : error
      },
      misfit: callersFault,
      broken: (problem) => new RpcError(Code.INVALID_ARGUMENT, problem),
    }
  }

  accept(method: Method): number | undefined {
    const { headers, method: httpMethod } = this.#request
    if (httpMethod !== 'POST') throw wrongMethod(['POST'])
    const streams = streamsRequests(method.kind) || streamsResponses(method.kind)
    if (!streams || !this.#known) throw wrongType(method)
    checkVersion(this.#request)
    encodingOf(headers['content-encoding'])
    this.#encoding = encodingOf(headers['connect-content-encoding'])
    return timeoutOf(this.#request)
  }

  head(mayCompress: boolean): HeaderList {
    const head: [string, string][] = [
      ['Content-Type', PREFIX + this.format.name],
      ['connect-accept-encoding', CONNECT_ENCODINGS],
    ]
    if (mayCompress) head.push(['connect-content-encoding', 'gzip'])
    return head
  }

  end(error: RpcError | undefined, trailers: HeaderList): Uint8Array {
    const json: { [key: string]: JsonValue } = {}
    if (error) json.error = connectError(error)
    if (trailers.length > 0) json.metadata = grouped(trailers)
    const text = Buffer.from(JSON.stringify(json))
    const prefix = Buffer.from([END_STREAM, 0, 0, 0, 0])
    prefix.writeUInt32BE(text.length, 1)
    return Buffer.concat([prefix, text])
  }

  refusal(error: RpcError): string {
    return JSON.stringify(connectError(error))
  }
}

function grouped(trailers: HeaderList): { [key: string]: JsonValue } {
  const metadata: { [key: string]: string[] } = Object.create(null)
  for (const [name, value] of trailers) {
    const values = metadata[name] ?? []
    values.push(value)
    metadata[name] = values
  }
  return metadata
}
