/**
 * `npm run vectors -- DIR`: decodes every story below DIR, a file of header blocks and the fields that they must give
 * (the format of http2jp/hpack-test-case), with one decoder a file; then encodes the fields and decodes that again.
 */
import { Buffer } from 'node:buffer'
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { HpackDecoder } from '../../src/http2/hpack/decoder.js'
import { HpackEncoder } from '../../src/http2/hpack/encoder.js'

interface Case {
  readonly seqno?: number
  /** SETTINGS_HEADER_TABLE_SIZE, if it changed before this block. */
  readonly header_table_size?: number
  /** The block in hex; absent from stories that are there to be encoded. */
  readonly wire?: string
  readonly headers: readonly Readonly<Record<string, string>>[]
}

interface Tally {
  stories: number
  decoded: number
  encoded: number
}

const decoderOf = () => new HpackDecoder({ tableBytes: 4096, maxListBytes: 2 ** 30, maxFields: 2 ** 20 })

/** Throws what is different, if anything is. */
function compare(how: string, fields: readonly string[], expected: readonly string[]): void {
  if (isDeepStrictEqual(fields, expected)) return
  const at = expected.findIndex((text, index) => text !== fields[index])
  const first = at < 0 ? expected.length : at
  const [found, wanted] = [fields[first], expected[first]].map((text) => JSON.stringify(text) ?? 'nothing')
  throw new Error(`${how}: ${first % 2 === 0 ? 'name' : 'value'} of field ${first >> 1} is ${found}, not ${wanted}`)
}

function play(cases: readonly Case[], tally: Tally): void {
  const [decoder, again, encoder] = [decoderOf(), decoderOf(), new HpackEncoder({ tableBytes: 65_536 })]
  for (const [position, { seqno = position, header_table_size: size, wire, headers }] of cases.entries()) {
    if (size !== undefined) for (const end of [decoder, again, encoder]) end.setTableBytes(size)
    const fields = headers.flatMap((header) => Object.entries(header).flat())
    try {
      if (wire !== undefined) {
        compare('decoded', decoder.decode(Buffer.from(wire, 'hex')).fields, fields)
        tally.decoded++
      }
      compare('encoded and decoded', again.decode(encode(encoder, fields)).fields, fields)
      tally.encoded++
    } catch (error) {
      throw new Error(`seqno ${seqno}: ${error instanceof Error ? error.message : error}`)
    }
  }
  tally.stories++
}

/** The first fields as constant ones, the others as varying ones. */
function encode(encoder: HpackEncoder, fields: readonly string[]): Uint8Array {
  const [constant, varying] = [fields.slice(0, 4), fields.slice(4)]
  const target = { bytes: new Uint8Array(encoder.bound(constant, varying)), at: 0 }
  encoder.encode(constant, varying, target)
  return target.bytes.subarray(0, target.at)
}

function main(folder: string): number {
  const tallies = new Map<string, Tally>()
  let failed = 0
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.json'))
  for (const file of files.sort()) {
    const story = JSON.parse(readFileSync(join(folder, file), 'utf8')) as { cases?: readonly Case[] }
    if (!Array.isArray(story.cases)) continue
    const tally = tallies.get(dirname(file)) ?? { stories: 0, decoded: 0, encoded: 0 }
    tallies.set(dirname(file), tally)
    try {
      play(story.cases, tally)
    } catch (error) {
      failed++
      console.error(`FAILED ${relative('.', join(folder, file))}: ${error instanceof Error ? error.message : error}`)
    }
  }
  for (const [name, { stories, decoded, encoded }] of tallies) {
    console.log(`${name}: ${stories} stories, ${decoded} blocks decoded, ${encoded} encoded and decoded`)
  }
  if (tallies.size === 0) console.error(`there is no story below ${folder}`)
  return failed > 0 || tallies.size === 0 ? 1 : 0
}

const folder = process.argv[2]
if (folder === undefined) console.error('usage: npm run vectors -- DIR')
process.exitCode = folder === undefined ? 2 : main(folder)
