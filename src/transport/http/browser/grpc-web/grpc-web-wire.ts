import { errorText, type HeaderList, unsupported, wrongMethod } from '../../error.js'
import type { HttpRequest } from '../../serve/http-message.js'
import type { FramedWire } from '../framed/framed-wire.js'
import type { FrameReading } from '../framed/request-frames.js'
import { formatOf, type MessageFormat, protoFormat } from '../message-format.js'
import { essenceOf } from '../recognize.js'
import {
  Code,
  ENCODINGS,
  encodeDetails,
  encodeMessage,
  framingError,
  isReadable,
  type Method,
  parseTimeout,
  RpcError,
  streamsRequests,
} from '../rpc.js'

/** What requests may be. */
export const GRPC_WEB_TYPES: readonly string[] = [
  'application/grpc-web',
  'application/grpc-web+proto',
  'application/grpc-web+json',
  'application/grpc-web-text',
  'application/grpc-web-text+proto',
]

const TEXT = /\bapplication\/grpc-web-text\b/i
const BINARY = /\bapplication\/grpc-web(?!-)/i
/** The first bit of a frame's flags: it holds the trailers. */
const TRAILERS = 0x80
/** What the status may take among the headers, in bytes: more goes in the body, for clients take headers of so much. */
const MOST_STATUS_BYTES = 4096
const EXPOSED: readonly string[] = ['grpc-status', 'grpc-message', 'grpc-status-details-bin', 'grpc-encoding']

/**
 * gRPC-Web, binary and text.
 *
 * Binary trailers are base64 in text too, as every client expects, although the protocol says otherwise.
 *
 * @see https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-WEB.md
 */
export class GrpcWebWire implements FramedWire {
  readonly format: MessageFormat
  readonly writesText: boolean
  readonly acceptsGzip: boolean
  readonly exposed = EXPOSED
  readonly reading: FrameReading
  readonly #request: HttpRequest
  readonly #type: string
  readonly #encoding: string | undefined

  constructor(request: HttpRequest, maxBytes: number) {
    const { headers } = request
    const encoding = textOf(headers['grpc-encoding'])
    this.#request = request
    this.#type = essenceOf(headers['content-type'])
    this.#encoding = encoding === 'identity' ? undefined : encoding
    const readsText = this.#type.startsWith('application/grpc-web-text')
    const { accept } = headers
    this.writesText = TEXT.test(accept ?? '') || (readsText && !BINARY.test(accept ?? ''))
    this.format = formatOf(this.#type.split('+')[1] ?? '') ?? protoFormat
    this.acceptsGzip = /\bgzip\b/.test(textOf(headers['grpc-accept-encoding']) ?? '')
    this.reading = {
      rules: { encoding: this.#encoding, maxBytes },
      text: readsText,
      fault: (fault) => framingError(fault, maxBytes, 'gRPC-Web'),
      misfit: (thrown) => RpcError.from(thrown),
      broken: (problem) => new RpcError(Code.INTERNAL, problem),
    }
  }

  accept({ kind, path }: Method): number | undefined {
    const { method, headers } = this.#request
    if (method !== 'POST') throw wrongMethod(['POST'])
    if (!GRPC_WEB_TYPES.includes(this.#type)) {
      throw unsupported(`the Content-Type is none of ${GRPC_WEB_TYPES.join(', ')}`, [
        ['Accept-Post', GRPC_WEB_TYPES.join(', ')],
      ])
    }
    if (streamsRequests(kind)) {
      throw new RpcError(Code.UNIMPLEMENTED, `${path} streams its requests, which gRPC-Web cannot carry`)
    }
    const packed = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
    const unreadable = [this.#encoding ?? 'identity'].find((one) => !isReadable(one))
    if (unreadable !== undefined) throw unknownEncoding(unreadable)
    if (packed !== 'identity' && packed !== 'gzip') throw unknownEncoding(packed)
    return timeoutOf(textOf(headers['grpc-timeout']))
  }

  head(mayCompress: boolean): HeaderList {
    return [
      ['Content-Type', `application/grpc-web${this.writesText ? '-text' : ''}${this.#suffix()}`],
      ['grpc-accept-encoding', ENCODINGS],
      ['grpc-encoding', mayCompress ? 'gzip' : 'identity'],
    ]
  }

  end(error: RpcError | undefined, trailers: HeaderList): Uint8Array {
    const lines = [...statusFields(error), ...trailers].map(([name, value]) => `${name}: ${value}\r\n`)
    const block = Buffer.from(lines.join(''), 'latin1')
    const prefix = Buffer.from([TRAILERS, 0, 0, 0, 0])
    prefix.writeUInt32BE(block.length, 1)
    return Buffer.concat([prefix, block])
  }

  statusOnly(error: RpcError): HeaderList | undefined {
    const fields = statusFields(error)
    return fields.flat().join('').length > MOST_STATUS_BYTES ? undefined : fields
  }

  refusal(error: RpcError): string {
    return errorText(error)
  }

  #suffix(): string {
    const plus = this.#type.indexOf('+')
    return plus < 0 || !GRPC_WEB_TYPES.includes(this.#type) ? '' : this.#type.slice(plus)
  }
}

function statusFields(error: RpcError | undefined): HeaderList {
  if (!error) return [['grpc-status', String(Code.OK)]]
  const fields: [string, string][] = [['grpc-status', String(error.code)]]
  if (error.rawMessage !== '') fields.push(['grpc-message', encodeMessage(error.rawMessage)])
  const details = encodeDetails(error)
  if (details !== undefined) fields.push(['grpc-status-details-bin', details])
  return fields
}

function timeoutOf(header: string | undefined): number | undefined {
  if (header === undefined) return undefined
  const timeoutMs = parseTimeout(header)
  if (Number.isNaN(timeoutMs)) throw new RpcError(Code.INTERNAL, `grpc-timeout ${header} is malformed`)
  return timeoutMs
}

function unknownEncoding(encoding: string): RpcError {
  return new RpcError(Code.UNIMPLEMENTED, `messages in the encoding ${encoding} cannot be read`)
}

/** A header that Node may give as several. */
function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header.join(', ') : header
}
