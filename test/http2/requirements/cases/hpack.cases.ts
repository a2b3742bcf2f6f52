import { ErrorCode } from '../../../../src/http2/error-code.js'
import { continuation, headers } from '../../peer/frames.js'
import {
  huffman,
  indexed,
  indexing,
  indexingNamed,
  integer,
  literal,
  plain,
  tableSize,
} from '../../peer/hpack-writer.js'
import type { Peer, Role } from '../../peer/peer.js'
import { answered, connection, must, type Requirement } from '../case.js'

const broken = connection(ErrorCode.COMPRESSION_ERROR)

/** The indexed fields that every message needs, and so much of the static table that no literal is needed. */
const start = (role: Role): number[] =>
  role === 'server' ? [0x83, 0x86, ...literal(':path', '/echo'), 0x41, ...plain('test')] : [0x88]
/** The entry of the table that `start` leaves behind on a server. */
const taken = (role: Role): number => (role === 'server' ? 1 : 0)

/** A message whose block has these bytes behind its start. */
const bad = (section: string, title: string, ...tail: readonly number[]): Requirement => ({
  section,
  role: 'both',
  title,
  send: (_, role) => [headers(1, [...start(role), ...tail], { end: true })],
  expect: broken,
})
/** The same for bytes before the start of it. */
const good = (
  section: string,
  title: string,
  before: readonly number[],
  after: readonly number[],
  field?: string,
): Requirement => ({
  section,
  role: 'both',
  title,
  send: (_, role) => [headers(1, [...before, ...start(role), ...after], { end: true })],
  expect: answered(1),
  also: (peer) => hears(peer, field),
})

function hears(peer: Peer, field: string | undefined): void {
  const all = peer.app.heard.flatMap(({ fields }) => fields ?? [])
  must(!(field !== undefined && !all.join(': ').includes(field)), `no field ${field} in ${all.join(': ')}`)
}

/** 2.3.3 and 6.1: indices. */
const indices: Requirement[] = [
  bad('RFC 7541, 6.1', 'index 0 is an error', 0x80),
  bad('RFC 7541, 2.3.3', 'an index behind both tables is an error', ...indexed(70)),
  bad('RFC 7541, 2.3.3', 'a far index is an error', ...indexed(1_000_000)),
  bad('RFC 7541, 2.3.3', 'the name of an entry behind both tables is an error', ...indexingNamed(70, 'v')),
  bad(
    'RFC 7541, 2.3.3',
    'the name of such an entry is an error in a literal that is not kept',
    ...integer(0, 4, 70),
    ...plain('v'),
  ),
  bad(
    'RFC 7541, 2.3.3',
    'the name of such an entry is an error in a literal that is never kept',
    ...integer(0x10, 4, 70),
    ...plain('v'),
  ),
  good(
    'RFC 7541, 6.2.3',
    'a literal that is never kept is taken',
    [],
    [0x10, ...plain('secret'), ...plain('v')],
    'secret: v',
  ),
  good(
    'RFC 7541, 6.2.2',
    'a literal under a name of the static table is taken',
    [],
    [...integer(0, 4, 58), ...plain('test')],
    'user-agent: test',
  ),
  good(
    'RFC 7541, 6.2.1',
    'a field that was kept can be named in the same block',
    [],
    [...indexing('kept', 'v'), ...indexed(62)],
    'kept: v: kept: v',
  ),
]

/** 4.2 and 6.3: the size of the table. */
const sizes: Requirement[] = [
  bad('RFC 7541, 4.2', 'a change of size behind a field is an error', ...tableSize(0)),
  {
    section: 'RFC 7541, 6.3',
    role: 'both',
    title: 'a size over the one that was advertised is an error',
    send: (_, role) => [headers(1, [...tableSize(4097), ...start(role)], { end: true })],
    expect: broken,
  },
  {
    section: 'RFC 7541, 6.3',
    role: 'both',
    title: 'a size far over the one that was advertised is an error',
    send: (_, role) => [headers(1, [...tableSize(2 ** 31), ...start(role)], { end: true })],
    expect: broken,
  },
  good('RFC 7541, 4.2', 'a change of size comes first', tableSize(0), literal('a', 'b'), 'a: b'),
  good(
    'RFC 7541, 4.2',
    'two changes of size come first',
    [...tableSize(0), ...tableSize(4096)],
    [...indexing('kept', 'v'), ...indexed(62)],
    'kept: v: kept: v',
  ),
  {
    section: 'RFC 7541, 4.3',
    role: 'both',
    title: 'a smaller table forgets',
    asked: 2,
    send: (_, role) => [
      headers(1, [...start(role), ...indexing('kept', 'v')]),
      headers(3, [...tableSize(0), ...start(role), ...indexed(62)]),
    ],
    expect: broken,
  },
  {
    section: 'RFC 7541, 6.3',
    role: 'both',
    title: 'the size may be the one that was advertised',
    options: { limits: { headerTableBytes: 100 } },
    send: (_, role) => [headers(1, [...tableSize(100), ...start(role)], { end: true })],
    expect: answered(1),
  },
  {
    section: '4.3.1',
    role: 'both',
    title: 'a table that was advertised lower, and acknowledged, and is not signalled is an error',
    options: { limits: { headerTableBytes: 100 } },
    send: (open) => [open(1)],
    expect: broken,
  },
  {
    section: 'RFC 7541, 6.3',
    role: 'both',
    title: 'a size over one that was advertised lower is an error',
    options: { limits: { headerTableBytes: 100 } },
    send: (_, role) => [headers(1, [...tableSize(101), ...start(role)], { end: true })],
    expect: broken,
  },
  {
    section: 'RFC 7541, 4.4',
    role: 'both',
    title: 'an entry that is larger than the table empties it',
    send: (_, role) => [
      headers(1, [...start(role), ...indexing('kept', 'v'), ...indexing('big', 'x'.repeat(4096)), ...indexed(62)], {
        end: true,
      }),
    ],
    expect: broken,
  },
  {
    section: 'RFC 7541, 4.4',
    role: 'both',
    title: 'an entry may take its name from one that it pushes out',
    send: (_, role) => [
      headers(
        1,
        [
          ...start(role),
          ...indexing('named', 'x'.repeat(4000)),
          ...indexingNamed(62, 'y'.repeat(4000)),
          ...indexed(62),
        ],
        { end: true },
      ),
    ],
    expect: answered(1),
    also: (peer) => hears(peer, `named: ${'y'.repeat(4000)}: named`),
  },
]

/** 5.1 and 5.2: integers and strings. */
const primitives: Requirement[] = [
  bad('RFC 7541, 5.1', 'an index without end is an error', 0xff, ...Array.from({ length: 40 }, () => 0xff), 0),
  bad('RFC 7541, 5.1', 'an index over 2^32 is an error', 0xff, 0xff, 0xff, 0xff, 0xff, 0x7f),
  bad(
    'RFC 7541, 5.1',
    'the length of a string over 2^53 is an error',
    0x40,
    0x7f,
    ...Array.from({ length: 9 }, () => 0xff),
    1,
  ),
  bad('RFC 7541, 5.1', 'an index that is cut off is an error', 0xff),
  bad('RFC 7541, 5.2', 'a name that is cut off is an error', 0x40, 5, 0x61, 0x62),
  bad('RFC 7541, 5.2', 'a value that is cut off is an error', 0x40, 1, 0x61, 9, 0x62),
  bad('RFC 7541, 5.2', 'a literal without name is an error', 0x40),
  bad('RFC 7541, 5.2', 'a literal without value is an error', 0x40, 1, 0x61),
  bad('RFC 7541, 5.2', 'padding of zeros is an error', 0x40, 1, 0x61, 0x81, 0b00011_000),
  bad('RFC 7541, 5.2', 'padding of more than seven bits is an error', 0x40, 1, 0x61, 0x82, 0b00011_111, 0xff),
  bad('RFC 7541, 5.2', 'EOS within a string is an error', 0x40, 1, 0x61, 0x84, 0xff, 0xff, 0xff, 0xff),
  bad('RFC 7541, 5.2', 'a code that is cut off is an error', 0x40, 1, 0x61, 0x81, 0xfe),
  good(
    'RFC 7541, 5.2',
    'a string in Huffman code is taken',
    [],
    [0x40, ...huffman('coded'), ...huffman('\x80 value ~')],
    'coded: \x80 value ~',
  ),
  good('RFC 7541, 5.2', 'an empty string in Huffman code is taken', [], [0x40, ...huffman('coded'), 0x80], 'coded: '),
  good(
    'RFC 7541, 5.1',
    'an integer with needless zeros is taken',
    [],
    [0x0f, 0x80, 0x00, ...plain('v')],
    'accept-charset: v',
  ),
]

/** What the table keeps from block to block. */
const memory: Requirement[] = [
  {
    section: 'RFC 7541, 2.2',
    role: 'both',
    title: 'the table holds from one stream to the next',
    asked: 2,
    send: (_, role) => [
      headers(1, [...start(role), ...indexing('kept', 'v')], { end: true }),
      headers(3, [...start(role), ...indexed(62 + taken(role))], { end: true }),
    ],
    expect: answered(3),
    also: (peer) => must(!(peer.app.heard.filter(({ fields }) => fields?.includes('kept')).length !== 2), 'not kept'),
  },
  {
    section: 'RFC 7541, 2.3.2',
    role: 'both',
    title: 'the table forgets the oldest first',
    asked: 2,
    send: (_, role) => [
      headers(1, [...start(role), ...indexing('old', 'x'.repeat(2000)), ...indexing('new', 'y'.repeat(2500))], {
        end: true,
      }),
      headers(
        3,
        [...(role === 'server' ? [0x83, 0x86, ...literal(':path', '/echo')] : [0x88]), ...indexed(62), ...indexed(63)],
        { end: true },
      ),
    ],
    expect: broken,
  },
  {
    section: '4.3',
    role: 'both',
    title: 'an error of compression in trailers ends the connection',
    send: (open) => [open(1), headers(1, [0x80], { end: true })],
    expect: broken,
  },
  {
    section: '4.3',
    role: 'both',
    title: 'an error of compression in CONTINUATION ends the connection',
    send: (open) => [open(1, { last: false }), continuation(1, [0x80])],
    expect: broken,
  },
  {
    section: '4.3',
    role: 'both',
    title: 'a block that ends within a field is an error',
    send: (open) => [open(1, { last: false }), continuation(1, [0x40, 9])],
    expect: broken,
  },
  {
    section: '4.3',
    role: 'server',
    title: 'an error of compression in a refused stream ends the connection',
    options: { limits: { maxConcurrentStreams: 1 } },
    send: (open) => [open(1), headers(3, [0x80])],
    expect: broken,
  },
]

export const hpack: readonly Requirement[] = [...indices, ...sizes, ...primitives, ...memory]
