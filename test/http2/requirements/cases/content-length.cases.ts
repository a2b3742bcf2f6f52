import { ErrorCode } from '../../../../src/http2/error-code.js'
import { content, headers } from '../../peer/frames.js'
import { block, request } from '../../peer/hpack-writer.js'
import { answered, type Reaction, type Requirement, stream } from '../case.js'

const malformed = stream(1, ErrorCode.PROTOCOL_ERROR)
const sized = (length: string, ...sent: readonly string[]): Uint8Array[] => [
  headers(1, request(['content-length', length]), { end: sent.length === 0 }),
  ...sent.map((body, at) => content(1, body, { end: at === sent.length - 1 })),
]
const length = (title: string, send: Uint8Array[], expect: Reaction | readonly Reaction[]): Requirement => ({
  section: '8.1.1',
  role: 'server',
  title,
  send,
  expect,
})

/** 8.1.1: content-length. */
const lengths: Requirement[] = [
  length('content-length that fits is taken', sized('3', 'ab', 'c'), answered(1)),
  length('content-length of 0 without content is taken', sized('0'), answered(1)),
  length('content-length of 0 with empty DATA is taken', sized('0', ''), answered(1)),
  length('content that is shorter than content-length is malformed', sized('4', 'ab', 'c'), malformed),
  length('content that is longer than content-length is malformed', sized('2', 'ab', 'c'), malformed),
  length('no content where content-length promised some is malformed', sized('1'), malformed),
  length('content where content-length said 0 is malformed', sized('0', 'a'), malformed),
  length(
    'trailers before content-length is reached are malformed',
    [headers(1, request(['content-length', '2'])), content(1, 'a'), headers(1, block(['x', 'y']), { end: true })],
    malformed,
  ),
  length(
    'padding does not count as content',
    [headers(1, request(['content-length', '2'])), content(1, 'ab', { pad: 9, end: true })],
    answered(1),
  ),
  length(
    'two content-lengths that differ are malformed',
    [headers(1, request(['content-length', '1'], ['content-length', '2'])), content(1, 'a', { end: true })],
    malformed,
  ),
  // RFC 9110, 8.6 lets a recipient take the same value said twice, or refuse it.
  length(
    'two content-lengths that agree are taken or malformed',
    [headers(1, request(['content-length', '1'], ['content-length', '1'])), content(1, 'a', { end: true })],
    [answered(1), malformed],
  ),
  ...['x', '-1', '1x', '+1', '0x1', '1.0', ''].map((text) =>
    length(`content-length ${JSON.stringify(text)} is malformed`, sized(text, 'a'), malformed),
  ),
  length('a content-length over every number is malformed', sized('99999999999999999999999999', 'a'), malformed),
]

export const contentLengths: readonly Requirement[] = lengths
