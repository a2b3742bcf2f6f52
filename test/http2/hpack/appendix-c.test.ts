import { describe, expect, it } from 'vitest'
import { BlockReader } from '../../../src/http2/hpack/block-reader.js'
import { writeInteger } from '../../../src/http2/hpack/block-writer.js'
import type { HpackDecoder } from '../../../src/http2/hpack/decoder.js'
import { HpackEncoder } from '../../../src/http2/hpack/encoder.js'
import { decoderOf, encode, hex } from './blocks.js'

type Example = [wire: string, fields: string[], table: string[], size: number]

const first = [':method', 'GET', ':scheme', 'http', ':path', '/', ':authority', 'www.example.com']
const third = [':method', 'GET', ':scheme', 'https', ':path', '/index.html', ':authority', 'www.example.com']
const requestLists: [string[], string[], number][] = [
  [first, [':authority', 'www.example.com'], 57],
  [[...first, 'cache-control', 'no-cache'], ['cache-control', 'no-cache', ':authority', 'www.example.com'], 110],
  [
    [...third, 'custom-key', 'custom-value'],
    ['custom-key', 'custom-value', 'cache-control', 'no-cache', ':authority', 'www.example.com'],
    164,
  ],
]
const earlier = ['date', 'Mon, 21 Oct 2013 20:13:21 GMT']
const later = ['date', 'Mon, 21 Oct 2013 20:13:22 GMT']
const place = ['location', 'https://www.example.com']
const hidden = ['cache-control', 'private']
const cookie = ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1']
const zip = ['content-encoding', 'gzip']
const responseLists: [string[], string[], number][] = [
  [[':status', '302', ...hidden, ...earlier, ...place], [...place, ...earlier, ...hidden, ':status', '302'], 222],
  [[':status', '307', ...hidden, ...earlier, ...place], [':status', '307', ...place, ...earlier, ...hidden], 222],
  [[':status', '200', ...hidden, ...later, ...place, ...zip, ...cookie], [...cookie, ...zip, ...later], 215],
]
const wires = (lists: [string[], string[], number][], ...blocks: string[]): Example[] =>
  lists.map(([fields, table, size], index) => [blocks[index]!, fields, table, size])

const requestsPlain = wires(
  requestLists,
  '828684410f7777772e6578616d706c652e636f6d',
  '828684be58086e6f2d6361636865',
  '828785bf400a637573746f6d2d6b65790c637573746f6d2d76616c7565',
)
const requestsCoded = wires(
  requestLists,
  '828684418cf1e3c2e5f23a6ba0ab90f4ff',
  '828684be5886a8eb10649cbf',
  '828785bf408825a849e95ba97d7f8925a849e95bb8e8b4bf',
)
const responsesPlain = wires(
  responseLists,
  '4803333032580770726976617465611d4d6f6e2c203231204f637420323031332032303a31333a323120474d546e1768747470733a2f2f7777772e6578616d706c652e636f6d',
  '4803333037c1c0bf',
  '88c1611d4d6f6e2c203231204f637420323031332032303a31333a323220474d54c05a04677a69707738666f6f3d4153444a4b48514b425a584f5157454f50495541585157454f49553b206d61782d6167653d333630303b2076657273696f6e3d31',
)
const responsesCoded = wires(
  responseLists,
  '488264025885aec3771a4b6196d07abe941054d444a8200595040b8166e082a62d1bff6e919d29ad171863c78f0b97c8e9ae82ae43d3',
  '4883640effc1c0bf',
  '88c16196d07abe941054d444a8200595040b8166e084a62d1bffc05a839bd9ab77ad94e7821dd7f2e6c7b335dfdfcd5b3960d5af27087f3672c1ab270fb5291f9587316065c003ed4ee5b1063d5007',
)
const single: Record<string, Example> = {
  'C.2.1': [
    '400a637573746f6d2d6b65790d637573746f6d2d686561646572',
    ['custom-key', 'custom-header'],
    ['custom-key', 'custom-header'],
    55,
  ],
  'C.2.2': ['040c2f73616d706c652f70617468', [':path', '/sample/path'], [], 0],
  'C.2.3': ['100870617373776f726406736563726574', ['password', 'secret'], [], 0],
  'C.2.4': ['82', [':method', 'GET'], [], 0],
}

/** The fields of the dynamic table, newest first: what the indexes from 62 on stand for. */
function tableOf(decoder: HpackDecoder, count: number): readonly string[] {
  return decoder.decode(Uint8Array.from({ length: count }, (_, position) => 0x80 | (62 + position))).fields
}

function check(decoder: HpackDecoder, [wire, fields, table, size]: Example): void {
  expect(decoder.decode(hex(wire)).fields).toEqual(fields)
  expect(tableOf(decoder, table.length / 2)).toEqual(table)
  expect(decoder.tableSize).toBe(size)
  expect(() => tableOf(decoder, table.length / 2 + 1)).toThrow('no field has the index')
}

describe('the examples of RFC 7541, appendix C', () => {
  it.each([
    ['C.1.1', 10, 0x1f, '0a'],
    ['C.1.2', 1337, 0x1f, '1f9a0a'],
    ['C.1.3', 42, 0xff, '2a'],
  ])('%s: %d is written and read', (_section, value, mask, wire) => {
    const target = { bytes: new Uint8Array(8), at: 0 }
    writeInteger(target, { bits: 0, mask }, value)
    expect(target.bytes.subarray(0, target.at)).toEqual(new Uint8Array(hex(wire)))
    const reader = new BlockReader()
    reader.open(hex(wire))
    expect(reader.integer(mask)).toBe(value)
    expect(reader.more).toBe(false)
  })

  it.each(Object.entries(single))('%s decodes', (_section, example) => {
    check(decoderOf(), example)
  })

  it.each([
    ['C.3', 4096, requestsPlain],
    ['C.4', 4096, requestsCoded],
    ['C.5', 256, responsesPlain],
    ['C.6', 256, responsesCoded],
  ] as const)('%s decodes, block after block', (_section, tableBytes, examples) => {
    const decoder = decoderOf({ tableBytes })
    for (const example of examples) check(decoder, example)
  })

  it('C.4 comes out of the encoder byte by byte', () => {
    const encoder = new HpackEncoder()
    for (const [wire, fields] of requestsCoded) expect(encode(encoder, fields)).toEqual(hex(wire))
  })

  it('C.6.1 comes out of the encoder byte by byte, behind the size of its table', () => {
    const [wire, fields] = responsesCoded[0]!
    expect(encode(new HpackEncoder({ tableBytes: 256 }), fields)).toEqual(hex(`3fe101${wire}`))
  })
})
