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

/** Whether a field is the application's to set and to see. */
export function isCarried(name: string): boolean {
  if (name.startsWith(':')) return false
  return name.startsWith('grpc-') ? passed.has(name) : !protocol.has(name)
}

/** Whether the values of a field go out joined, as one. */
export function isSingle(name: string): boolean {
  return single.has(name)
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

/** A value of metadata as it is written in a field. */
export function fieldText(value: MetadataValue): string {
  return typeof value === 'string' ? value : encodeBinary(value)
}

/** Removes everything. */
export function clearMetadata(metadata: Metadata): void {
  for (const key of [...metadata.keys()]) metadata.delete(key)
}
