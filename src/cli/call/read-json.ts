import type { JsonValue, MessageCodec } from '../../codec/message-codec.js'
import { messageOf, UsageError } from '../command.js'

/** What is read: standard input, or the text of an argument. */
export type Input = AsyncIterable<Uint8Array | string>

/** The one message that an input holds; the empty message if it holds nothing. */
export async function readMessage<T>(codec: MessageCodec<T>, input: Input): Promise<T> {
  const lines: string[] = []
  for await (const line of linesOf(input)) lines.push(line)
  const text = lines.join('\n')
  return parse(codec, text.trim() === '' ? '{}' : text, 'the request')
}

/** A message for each line of an input, as its lines arrive. Empty lines are skipped. */
export async function* readMessages<T>(codec: MessageCodec<T>, input: Input): AsyncGenerator<T> {
  let number = 0
  for await (const line of linesOf(input)) {
    number += 1
    if (line.trim() !== '') yield parse(codec, line, `line ${number} of the requests`)
  }
}

async function* linesOf(input: Input): AsyncGenerator<string> {
  const decoder = new TextDecoder()
  let rest = ''
  for await (const piece of input) {
    const lines = (rest + (typeof piece === 'string' ? piece : decoder.decode(piece, { stream: true }))).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  yield rest + decoder.decode()
}

function parse<T>(codec: MessageCodec<T>, text: string, where: string): T {
  try {
    return codec.fromJson(JSON.parse(text) as JsonValue)
  } catch (error) {
    throw new UsageError(`${where} cannot be read: ${messageOf(error)}`)
  }
}
