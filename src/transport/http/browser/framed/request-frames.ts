import type { Readable } from 'node:stream'
import { Code, decompress, type FrameFault, FrameReader, type FrameRules, type Message, RpcError } from '../rpc.js'
import { Base64Reader } from './base64-reader.js'

/** How the frames of a request are read. */
export interface FrameReading {
  readonly rules: FrameRules
  /** Whether they come as base64. */
  readonly text: boolean
  /** The error of frames that break the rules. */
  fault(fault: FrameFault | 'truncated'): RpcError
  /** The error of a message that cannot be unpacked, or is not of its type. */
  misfit(thrown: unknown): RpcError
  /** The error of a body that cannot be read at all. */
  broken(problem: string): RpcError
}

/** So many messages are taken out of the content at a time. */
const MOST_WAITING = 32

/** The messages of a request, unpacked, one at a time as they are asked for. Throws an `RpcError` if it cannot be read. */
export async function* readFrames(source: Readable, reading: FrameReading): AsyncGenerator<Message> {
  for await (const message of packedFrames(bytesOf(source, reading), reading)) {
    yield message.compressed ? await unpack(message, reading) : message
  }
}

async function unpack({ bytes }: Message, { rules, misfit }: FrameReading): Promise<Message> {
  try {
    return { compressed: true, bytes: await decompress(bytes, rules) }
  } catch (thrown) {
    throw misfit(thrown)
  }
}

async function* packedFrames(
  source: AsyncIterable<Uint8Array>,
  { rules, fault }: FrameReading,
): AsyncGenerator<Message> {
  const frames = new FrameReader(rules, MOST_WAITING)
  const waiting: Message[] = []
  for await (const bytes of source) {
    let found = frames.read(bytes, waiting)
    for (;;) {
      yield* waiting.splice(0)
      if (found) throw fault(found)
      if (!frames.hasMore) break
      found = frames.readMore(waiting)
    }
  }
  if (!frames.atBoundary) throw fault('truncated')
}

async function* bytesOf(source: Readable, { text, broken }: FrameReading): AsyncGenerator<Uint8Array> {
  const base64 = text ? new Base64Reader() : undefined
  for await (const piece of piecesOf(source, broken)) {
    const bytes = base64 ? base64.read(piece) : piece
    if (!bytes) throw broken('the request is not base64')
    if (bytes.length > 0) yield bytes
  }
  if (base64 && !base64.atBoundary) throw broken('the request ends within a group of base64')
}

async function* piecesOf(source: Readable, broken: FrameReading['broken']): AsyncGenerator<Uint8Array> {
  try {
    // The reader may leave early without the connection, which is to carry the answer, being torn down.
    yield* source.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>
  } catch (thrown) {
    const { code } = thrown as NodeJS.ErrnoException
    if (code?.startsWith('Z_')) throw broken('the request is not gzip')
    throw new RpcError(Code.CANCELLED, 'the request broke off', { cause: thrown })
  }
}
