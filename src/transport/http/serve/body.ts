import type { Readable } from 'node:stream'
import { createGunzip, gunzip } from 'node:zlib'
import { badRequest, unsupported } from '../error.js'
import type { HttpRequest, TakeBody } from './http-message.js'
import { NO_BODY, overLimit } from './incoming-request.js'

/**
 * Reads a whole body of at most `limit` bytes, unpacked; one that is longer fails at once, with 413. Of one that breaks off
 * nothing is heard. Throws for a body that is not to be read at all.
 */
export function readBody(request: HttpRequest, limit: number, take: TakeBody): void {
  const packed = isPacked(request)
  if (Number(request.headers['content-length'] ?? 0) > limit) throw overLimit(limit)
  request.collect(limit, packed ? (error, body) => (error ? take(error, body) : unpack(body, limit, take)) : take)
}

/** A body to be read bit by bit, unpacked. */
export function bodyStream(request: HttpRequest): Readable {
  const body = request.stream()
  // Whoever reads it hears of errors; after that they are nobody's, and must not end the process.
  body.on('error', () => {})
  if (!isPacked(request)) return body
  const unpacked = createGunzip()
  unpacked.on('error', () => {})
  body.on('error', (error) => unpacked.destroy(error))
  return body.pipe(unpacked)
}

function isPacked({ headers }: HttpRequest): boolean {
  const encoding = headers['content-encoding']
  if (encoding === undefined || encoding === 'identity') return false
  if (encoding.trim().toLowerCase() === 'gzip') return true
  throw unsupported('the Content-Encoding is neither gzip nor identity', [['Accept-Encoding', 'gzip, identity']])
}

function unpack(packed: Buffer, limit: number, take: TakeBody): void {
  gunzip(packed, { maxOutputLength: limit }, (error, body) => {
    if (!error) take(undefined, body)
    else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') take(overLimit(limit), NO_BODY)
    else take(badRequest('the body is not gzip'), NO_BODY)
  })
}
