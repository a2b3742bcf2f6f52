import { promisify } from 'node:util'
import { gunzip, inflate } from 'node:zlib'
import { Code } from '../../../error/code.js'
import { RpcError } from '../../../error/rpc-error.js'
import { framingError } from '../wire.js'
import type { FrameRules } from './frame-reader.js'

const decompressors = new Map([
  ['gzip', promisify(gunzip)],
  ['deflate', promisify(inflate)],
])

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
