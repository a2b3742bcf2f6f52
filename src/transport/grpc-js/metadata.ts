import type { OutgoingHttpHeaders } from 'node:http2'
import { Metadata as EngineMetadata, type MetadataOptions } from '@grpc/grpc-js'
import type { Metadata, MetadataValue } from '../../endpoint/metadata.js'
import { fieldText, isCarried, isSingle } from '../grpc-wire/fields.js'

/** Writes the application's metadata into HTTP/2 headers, leaving out what is not its to set. */
export function writeFields(metadata: Metadata, headers: OutgoingHttpHeaders): void {
  for (const [name, values] of metadata) {
    if (!isCarried(name)) continue
    const texts = values.map(fieldText)
    headers[name] = texts.length === 1 || isSingle(name) ? texts.join(', ') : texts
  }
}

/** Header fields out of what grpc-js has already parsed. Values that were repeated come joined. */
export function parsedFields(metadata: EngineMetadata): string[] {
  const entries = Object.entries(metadata.toJSON()) as [string, MetadataValue[]][]
  return entries.flatMap(([name, values]) => values.flatMap((value) => [name, fieldText(value)]))
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
