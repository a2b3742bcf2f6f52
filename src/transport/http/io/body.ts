import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip, gunzip } from 'node:zlib'
import { badRequest, tooLarge, unsupported } from '../error.js'

const EMPTY = Buffer.alloc(0)

/** True if a request comes with a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

/** Reads a whole body of at most `limit` bytes, unpacked; beyond that it fails at once, with 413. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer> {
  const packed = isPacked(request)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw overLimit(limit)
  const body = await collect(request, limit)
  return packed && body.length > 0 ? unpack(body, limit) : body
}

/** A body to be read bit by bit, unpacked. */
export function bodyStream(request: IncomingMessage): Readable {
  // Whoever reads it hears of errors; after that they are nobody's, and must not end the process.
  request.on('error', () => {})
  if (!isPacked(request)) return request
  const unpacked = createGunzip()
  unpacked.on('error', () => {})
  request.on('error', (error) => unpacked.destroy(error))
  return request.pipe(unpacked)
}

/** What is said of a body, or of a line of it, that is too long. */
export function overLimit(limit: number): Error {
  return tooLarge(413, `the request is longer than ${limit} bytes`)
}

function isPacked({ headers }: IncomingMessage): boolean {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (encoding === 'identity') return false
  if (encoding === 'gzip') return true
  throw unsupported('the Content-Encoding is neither gzip nor identity', [['Accept-Encoding', 'gzip, identity']])
}

function collect(request: IncomingMessage, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    request.on('data', (chunk: Buffer) => {
      size += chunk.length
      if (size <= limit) chunks.push(chunk)
      else reject(overLimit(limit))
    })
    request.once('end', () => resolve(chunks.length === 1 ? (chunks[0] ?? EMPTY) : Buffer.concat(chunks)))
    request.on('error', reject)
  })
}

function unpack(packed: Buffer, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    gunzip(packed, { maxOutputLength: limit }, (error, body) => {
      if (!error) resolve(body)
      else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') reject(overLimit(limit))
      else reject(badRequest('the body is not gzip'))
    })
  })
}
