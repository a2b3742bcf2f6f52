import { promisify } from 'node:util'
import { gunzip, gzip, inflate } from 'node:zlib'
import { Code } from '../../error/code.js'
import { RpcError } from '../../error/rpc-error.js'
import type { FrameRules, Message } from './frame/frame-reader.js'
import { framingError } from './message-error.js'

/** What either side can read, as `grpc-accept-encoding` says it. */
export const ENCODINGS = 'identity,deflate,gzip'

/** The largest message that either side accepts unless told otherwise, in bytes. */
export const DEFAULT_MAX_RECEIVE_BYTES = 4 * 1024 * 1024

/** Messages smaller than this are not worth compressing, in bytes. */
const MIN_GZIP_BYTES = 1024

const readable = new Set(ENCODINGS.split(','))
const compress = promisify(gzip)
const decompressors = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
])

/** Whether messages in an encoding can be read. */
export function isReadable(encoding: string): boolean {
  return readable.has(encoding)
}

/** A message, compressed if that is worth it. */
export async function gzipMessage(bytes: Uint8Array): Promise<Message> {
  if (bytes.length < MIN_GZIP_BYTES) return { bytes, compressed: false }
  return { bytes: await compress(bytes), compressed: true }
}

/** Reads a compressed message; rejects with an `RpcError` if it cannot be read, or is too large. */
export async function decompress(bytes: Uint8Array, { encoding, maxBytes }: FrameRules): Promise<Uint8Array> {
  const read = decompressors.get(encoding ?? '')
  if (!read) throw new RpcError(Code.UNIMPLEMENTED, `messages in the encoding ${encoding} cannot be read`)
  try {
    return await read(bytes, Number.isFinite(maxBytes) ? { maxOutputLength: Math.max(1, maxBytes) } : {})
  } catch (cause) {
    if ((cause as { code?: string }).code === 'ERR_BUFFER_TOO_LARGE') throw framingError('too large', maxBytes)
    throw new RpcError(Code.INTERNAL, 'a message cannot be decompressed', { cause })
  }
}
