import type { OutgoingHttpHeaders } from 'node:http2'
import { Metadata as EngineMetadata, type MetadataOptions } from '@grpc/grpc-js'
import { Metadata, type MetadataValue } from '../../endpoint/metadata.js'

/** Fields of HTTP/2 and gRPC themselves: never the application's, in either direction. */
const protocol = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'content-type',
  'date',
  'host',
  'http2-settings',
  'keep-alive',
  'proxy-connection',
  'te',
  'transfer-encoding',
  'upgrade',
])

/** Names that gRPC reserves and yet gives to middleware. */
const passed = new Set(['grpc-previous-rpc-attempts', 'grpc-retry-pushback-ms', 'grpc-tags-bin', 'grpc-trace-bin'])

/** Fields that Node's HTTP/2 refuses to send twice; HTTP says that a comma joins their values. */
const single = new Set(
  (
    'age authorization content-encoding content-language content-location content-md5 content-range dnt etag expires ' +
    'from if-match if-modified-since if-none-match if-range if-unmodified-since last-modified location max-forwards ' +
    'proxy-authorization range referer retry-after tk upgrade-insecure-requests user-agent x-content-type-options ' +
    'access-control-allow-credentials access-control-max-age access-control-request-method'
  ).split(' '),
)

function isCarried(name: string): boolean {
  if (name.startsWith(':')) return false
  return name.startsWith('grpc-') ? passed.has(name) : !protocol.has(name)
}

/** Reads the application's metadata out of header fields: names and values in turn, as they arrived. */
export function readFields(fields: readonly string[]): Metadata {
  const metadata = new Metadata()
  appendFields(fields, () => metadata)
  return metadata
}

/** Adds the application's metadata among header fields to `target`, which is asked for only if there is any. */
export function appendFields(fields: readonly string[], target: () => Metadata): void {
  for (let at = 0; at + 1 < fields.length; at += 2) {
    const name = fields[at] ?? ''
    if (isCarried(name)) appendField(target(), name, fields[at + 1] ?? '')
  }
}

/** The value of a field, the first one if there are several. */
export function findField(fields: readonly string[], name: string): string | undefined {
  for (let at = 0; at + 1 < fields.length; at += 2) {
    if (fields[at] === name) return fields[at + 1]
  }
  return undefined
}

function appendField(metadata: Metadata, name: string, text: string): void {
  const values = name.endsWith('-bin') ? text.split(',').map(decodeBinary) : [text]
  for (const value of values) {
    try {
      metadata.append(name, value)
    } catch {
      // HTTP allows more than gRPC does; a stray field must not fail a call.
    }
  }
}

/** Reads base64, padded or not. */
export function decodeBinary(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'base64'))
}

/** Writes base64 without padding. */
export function encodeBinary(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64').replace(/=+$/, '')
}

/** Writes the application's metadata into HTTP/2 headers, leaving out what is not its to set. */
export function writeFields(metadata: Metadata, headers: OutgoingHttpHeaders): void {
  for (const [name, values] of metadata) {
    if (!isCarried(name)) continue
    const texts = values.map(toText)
    headers[name] = texts.length === 1 || single.has(name) ? texts.join(', ') : texts
  }
}

function toText(value: MetadataValue): string {
  return typeof value === 'string' ? value : encodeBinary(value)
}

/** Removes everything. */
export function clearMetadata(metadata: Metadata): void {
  for (const key of [...metadata.keys()]) metadata.delete(key)
}

/** Header fields out of what grpc-js has already parsed. Values that were repeated come joined. */
export function parsedFields(metadata: EngineMetadata): string[] {
  const entries = Object.entries(metadata.toJSON()) as [string, MetadataValue[]][]
  return entries.flatMap(([name, values]) => values.flatMap((value) => [name, toText(value)]))
}

/**
 * Metadata that grpc-js sends without looking into it. It asks for the HTTP/2 headers at the moment when it writes them,
 * so that is when they are made; and it clones on the way, for retries that it does not make here.
 */
export class OutgoingMetadata extends EngineMetadata {
  readonly #write: (headers: OutgoingHttpHeaders) => void

  constructor(write: (headers: OutgoingHttpHeaders) => void, options?: MetadataOptions) {
    super(options)
    this.#write = write
  }

  override clone(): this {
    return this
  }

  override toHttp2Headers(): OutgoingHttpHeaders {
    const headers = super.toHttp2Headers()
    this.#write(headers)
    return headers
  }
}
