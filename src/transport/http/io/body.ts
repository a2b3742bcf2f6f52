import type { IncomingMessage } from 'node:http'
import type { Readable } from 'node:stream'
import { createGunzip, gunzip } from 'node:zlib'
import { badRequest, tooLarge, unsupported } from '../error.js'

/** Takes a body, or why there is none. Called once. */
export type TakeBody = (error: Error | undefined, body: Buffer) => void

/** The body of a request that has none. */
export const NO_BODY: Buffer = Buffer.alloc(0)

/** True if a request comes with a body. */
export function hasBody({ headers }: IncomingMessage): boolean {
  const length = headers['content-length']
  return headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0')
}

/**
 * Reads a whole body of at most `limit` bytes, unpacked; one that is longer fails at once, with 413. Of one that breaks off
 * nothing is heard. Throws for a body that is not to be read at all. It takes a callback because this is the way of every
 * request, and promises are dear on it.
 */
export function readBody(request: IncomingMessage, limit: number, take: TakeBody): void {
  const packed = isPacked(request)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw overLimit(limit)
  collect(request, limit, packed ? (error, body) => (error ? take(error, body) : unpack(body, limit, take)) : take)
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

function collect(request: IncomingMessage, limit: number, take: TakeBody): void {
  let chunks: Buffer[] = []
  let size = 0
  request.on('data', (chunk: Buffer) => {
    const before = size
    size += chunk.length
    if (size <= limit) chunks.push(chunk)
    else if (before <= limit) {
      chunks = []
      take(overLimit(limit), NO_BODY)
    }
  })
  request.on('end', () => {
    if (size <= limit) take(undefined, chunks.length === 1 ? (chunks[0] ?? NO_BODY) : Buffer.concat(chunks))
  })
}

function unpack(packed: Buffer, limit: number, take: TakeBody): void {
  gunzip(packed, { maxOutputLength: limit }, (error, body) => {
    if (!error) take(undefined, body)
    else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') take(overLimit(limit), NO_BODY)
    else take(badRequest('the body is not gzip'), NO_BODY)
  })
}
