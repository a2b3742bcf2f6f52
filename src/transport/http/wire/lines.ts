import type { Readable } from 'node:stream'
import { Gathered } from './gathered.js'

const NEWLINE = 10
const RETURN = 13

/** How long a line may be. */
export interface LineOptions {
  /** In bytes, without the line's end. */
  readonly limit: number
  /** Makes the error for a line that is longer. */
  overLimit(limit: number): Error
}

/** The lines of a stream of bytes, empty ones left out. No more is read than is asked for, and of a line no more than fits. */
export async function* readLines(source: Readable, options: LineOptions): AsyncGenerator<Buffer> {
  const begun = new Gathered()
  const take = (part: Buffer): void => {
    // Of what ends in a return it is not known yet whether that is of the line.
    const own = part.at(-1) === RETURN ? part.length - 1 : part.length
    if (begun.size + own > options.limit) throw options.overLimit(options.limit)
    begun.add(part)
  }
  // The reader may leave early without the connection, which is to carry the answer, being torn down.
  for await (const chunk of source.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    let from = 0
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      take(chunk.subarray(from, end))
      from = end + 1
      const line = trimReturn(begun.take())
      if (line.length > 0) yield line
    }
    if (from < chunk.length) take(chunk.subarray(from))
  }
  const last = trimReturn(begun.take())
  if (last.length > 0) yield last
}

function trimReturn(line: Buffer): Buffer {
  return line.at(-1) === RETURN ? line.subarray(0, -1) : line
}
