import type { IncomingMessage } from 'node:http'
import type { Context } from '../../endpoint/context.js'
import { Metadata, type MetadataValue } from '../../endpoint/metadata.js'
import type { HeaderList } from './error.js'

/** Carries a key of the request or response metadata that is no header of its own. */
export const METADATA_PREFIX = 'grpc-metadata-'
/** Carries a key of the trailers. */
export const TRAILER_PREFIX = 'grpc-trailer-'

/** Headers that are metadata under their own name, beside all that begin with `x-`. */
const PLAIN: ReadonlySet<string> = new Set([
  'authorization',
  'baggage',
  'b3',
  'last-event-id',
  'traceparent',
  'tracestate',
  'user-agent',
])
/** Reserved keys that are for programs all the same: retry reads and writes them. */
const CARRIED: ReadonlySet<string> = new Set(['grpc-previous-rpc-attempts', 'grpc-retry-pushback-ms'])
const NOTHING: HeaderList = []
const KEY = /^[0-9a-z_.-]+$/
const TEXT = /^[\x20-\x7e]*$/
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/

/** Names the key of the metadata that a header is; `undefined` for a header that is none. */
export type HeaderToKey = (header: string) => string | undefined

/** The map of request headers to metadata, with further headers that keep their name. */
export function requestKeys(further: readonly string[] = []): HeaderToKey {
  const plain = new Set([...PLAIN, ...further.map((name) => name.toLowerCase())])
  return (header) => (plain.has(header) || header.startsWith('x-') ? header : prefixed(header, METADATA_PREFIX))
}

/** The map of response headers to metadata. */
export const responseKeys: HeaderToKey = (header) => prefixed(header, METADATA_PREFIX)
/** The map of HTTP trailers to metadata. */
export const trailerKeys: HeaderToKey = (header) => prefixed(header, TRAILER_PREFIX)

/**
 * Reads metadata out of headers as Node gives them raw: name, value, name, value. A value that metadata cannot hold is
 * left out, for it must not fail the call.
 */
export function readMetadata(rawHeaders: readonly string[], keyOf: HeaderToKey): Metadata {
  const metadata = new Metadata()
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const key = keyOf(rawHeaders[index]?.toLowerCase() ?? '')
    if (key === undefined || !KEY.test(key) || isReserved(key)) continue
    for (const value of valuesOf(key, rawHeaders[index + 1] ?? '')) metadata.append(key, value)
  }
  return metadata
}

/** Metadata of a request as headers. */
export function requestHeaders(metadata: Metadata): HeaderList {
  return write(metadata, (key) => (PLAIN.has(key) || key.startsWith('x-') ? key : METADATA_PREFIX + key))
}

/** Metadata of a response as headers, or as trailers, by their prefix. */
export function responseHeaders(metadata: Metadata, prefix: string): HeaderList {
  return write(metadata, (key) => prefix + key)
}

/** What a handler has said in response headers. */
export function headersOf(context: Context): HeaderList {
  return context.hasResponseHeaders ? responseHeaders(context.responseHeaders, METADATA_PREFIX) : NOTHING
}

/** What a handler has said in trailers, for a client that says that it reads them. */
export function trailersOf(context: Context | undefined, { headers }: Pick<IncomingMessage, 'headers'>): HeaderList {
  if (!context?.hasResponseTrailers || !/\btrailers\b/i.test(String(headers.te))) return NOTHING
  return responseHeaders(context.responseTrailers, TRAILER_PREFIX)
}

/** Makes `target` a copy of `source`: what an earlier attempt left there goes. */
export function replaceMetadata(target: Metadata, source: Metadata): void {
  for (const key of [...target.keys()]) target.delete(key)
  target.merge(source)
}

function write(metadata: Metadata, nameOf: (key: string) => string): HeaderList {
  const headers: (readonly [string, string])[] = []
  for (const [key, values] of metadata) {
    if (isReserved(key)) continue
    for (const value of values) headers.push([nameOf(key), typeof value === 'string' ? value : base64(value)])
  }
  return headers
}

function isReserved(key: string): boolean {
  return key.startsWith('grpc-') && !CARRIED.has(key)
}

function prefixed(header: string, prefix: string): string | undefined {
  return header.startsWith(prefix) ? header.slice(prefix.length) : undefined
}

function valuesOf(key: string, text: string): MetadataValue[] {
  if (!key.endsWith('-bin')) return TEXT.test(text) ? [text] : []
  const parts = text.split(',').map((part) => part.trim())
  return parts.filter((part) => BASE64.test(part)).map((part) => new Uint8Array(Buffer.from(part, 'base64')))
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64').replace(/=+$/, '')
}
