import { constants } from 'node:buffer'
import type { Readable, Transform } from 'node:stream'
import { brotliDecompress, createBrotliDecompress, createGunzip, createInflate, gunzip, inflate } from 'node:zlib'
import { badRequest, unsupported } from '../error.js'
import { NO_BODY, overLimit } from './body-collector.js'
import type { HttpRequest, TakeBody } from './http-message.js'

interface Unpacker {
  readonly name: string
  whole(
    packed: Buffer,
    options: { readonly maxOutputLength: number },
    take: (error: Error | null, body: Buffer) => void,
  ): void
  stream(): Transform
}

const gzipped: Unpacker = { name: 'gzip', whole: gunzip, stream: createGunzip }
const unpackers: ReadonlyMap<string, Unpacker> = new Map([
  ['gzip', gzipped],
  ['x-gzip', gzipped],
  ['br', { name: 'br', whole: brotliDecompress, stream: createBrotliDecompress }],
  ['deflate', { name: 'deflate', whole: inflate, stream: createInflate }],
])

/**
 * Reads a whole body of at most `limit` bytes, unpacked; one that is longer fails at once, with 413. Of one that breaks off
 * nothing is heard. Throws for a body that is not to be read at all.
 */
export function readBody(request: HttpRequest, limit: number, take: TakeBody): void {
  const unpacker = unpackerOf(request)
  request.collect(
    limit,
    unpacker ? (error, body) => (error ? take(error, body) : unpack(body, { unpacker, limit }, take)) : take,
  )
}

/** A body to be read bit by bit, unpacked. */
export function bodyStream(request: HttpRequest): Readable {
  const body = request.stream()
  // Whoever reads it hears of errors; after that they are nobody's, and must not end the process.
  body.on('error', () => {})
  const unpacker = unpackerOf(request)
  if (!unpacker) return body
  const unpacked = unpacker.stream()
  unpacked.on('error', () => {})
  body.on('error', (error) => unpacked.destroy(error))
  return body.pipe(unpacked)
}

function unpackerOf({ headers }: HttpRequest): Unpacker | undefined {
  const encoding = headers['content-encoding']?.trim().toLowerCase()
  if (encoding === undefined || encoding === 'identity') return undefined
  const unpacker = unpackers.get(encoding)
  if (unpacker) return unpacker
  const known = [...unpackers.keys(), 'identity'].join(', ')
  throw unsupported(`the Content-Encoding is none of ${known}`, [['Accept-Encoding', known]])
}

function unpack(packed: Buffer, { unpacker, limit }: { unpacker: Unpacker; limit: number }, take: TakeBody): void {
  // zlib throws for what no buffer can be as long as.
  const maxOutputLength = Math.min(Math.max(1, limit), constants.MAX_LENGTH)
  unpacker.whole(packed, { maxOutputLength }, (error, body) => {
    if (!error) take(undefined, body)
    else if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') take(overLimit(limit), NO_BODY)
    else take(badRequest(`the body is not ${unpacker.name}`), NO_BODY)
  })
}
