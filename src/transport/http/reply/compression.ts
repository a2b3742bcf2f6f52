import { brotliCompress, constants, deflate, gzip } from 'node:zlib'
import { weighted } from '../wire/weighted.js'

/** An encoding of content: `Content-Encoding`. */
export type ContentEncoding = 'br' | 'gzip' | 'deflate'

/** How responses are compressed. */
export interface CompressionOptions {
  /** Encodings that may be used, those liked best first; `br`, `gzip`, `deflate` by default. */
  readonly encodings?: readonly ContentEncoding[] | undefined
  /** Shorter bodies are sent as they are, in bytes; 1 KiB by default. */
  readonly thresholdBytes?: number | undefined
}

type Compress = (body: Uint8Array, done: (error: Error | null, packed: Buffer) => void) => void

// The highest quality of brotli, its default, is for what is compressed once and sent often.
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }
const methods: Readonly<Record<ContentEncoding, Compress>> = {
  br: (body, done) => brotliCompress(body, BROTLI, done),
  gzip: (body, done) => gzip(body, done),
  deflate: (body, done) => deflate(body, done),
}

const COMPRESSIBLE =
  /^(text\/(?!event-stream)|application\/(json|javascript|xml|wasm|(x-)?protobuf|proto)\b|[\w.-]+\/[\w.-]+\+(json|xml)\b)/i

/** Compresses the bodies of responses for clients that accept it. */
export class Compression {
  readonly #encodings: readonly ContentEncoding[]
  readonly #threshold: number

  /** Throws for an encoding that is not known, or a threshold that is no number. */
  constructor({ encodings = ['br', 'gzip', 'deflate'], thresholdBytes = 1024 }: CompressionOptions = {}) {
    const unknown = encodings.find((encoding) => !Object.hasOwn(methods, encoding))
    if (unknown)
      throw new TypeError(`compression: '${unknown}' is unknown; known are ${Object.keys(methods).join(', ')}`)
    if (!(thresholdBytes >= 0)) throw new RangeError(`compression: thresholdBytes must be a number from 0 up`)
    this.#encodings = encodings
    this.#threshold = thresholdBytes
  }

  /** True if a body may be compressed at all, so that responses differ by `Accept-Encoding`. */
  concerns(contentType: string, bytes: number): boolean {
    return bytes >= this.#threshold && COMPRESSIBLE.test(contentType)
  }

  /** The encoding that a client likes best; `undefined` for none. */
  choose(acceptEncoding: string | undefined): ContentEncoding | undefined {
    if (!acceptEncoding) return undefined
    const wishes = weighted(acceptEncoding)
    const weightOf = (name: string): number | undefined => wishes.find((wish) => wish.name === name)?.weight
    const any = weightOf('*') ?? 0
    let best: ContentEncoding | undefined
    let most = weightOf('identity') ?? 0
    for (const encoding of this.#encodings) {
      const weight = weightOf(encoding) ?? (encoding === 'gzip' ? weightOf('x-gzip') : undefined) ?? any
      if (weight > most || (best === undefined && weight > 0 && weight === most)) {
        best = encoding
        most = weight
      }
    }
    return best
  }

  /** Compresses a body; `take` gets `undefined` if that fails. */
  compress(encoding: ContentEncoding, body: string | Uint8Array, take: (packed: Buffer | undefined) => void): void {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    methods[encoding](bytes, (error, packed) => take(error ? undefined : packed))
  }
}
