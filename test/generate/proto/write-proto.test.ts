import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { writeProto } from 'tierkit/generate'
import { loadProto } from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import * as shop from '../../../examples/shop/generated/shop_pb.js'
import { everything, folderWith } from '../fixtures.js'
import { contracts } from './contracts.js'
import { readFiles, said } from './round-trip.js'

const files = (...names: (keyof typeof contracts)[]) =>
  Object.fromEntries(names.map((name) => [`${name}.proto`, contracts[name]]))
const textOf = (written: readonly { path: string; text: string }[]) =>
  Object.fromEntries(written.map(({ path, text }) => [path, text]))

describe('writeProto', () => {
  it.each([
    ['every kind of field, rules, oneofs, enums with aliases', ['kinds']],
    ['services with HTTP rules and options of their own', ['services', 'options', 'kinds']],
    ['proto2: required, defaults, groups, extensions', ['proto2']],
    ['an edition with its features', ['editions']],
  ] as const)('writes what says the same when it is read: %s', (_, names) => {
    const read = readFiles(files(...names))
    const written = textOf(writeProto(read))
    expect(said(readFiles(written))).toEqual(said(read))
    expect(textOf(writeProto(readFiles(written)))).toEqual(written)
  })

  it('writes what says the same when it is read: several files of several packages', () => {
    const read = readFiles(everything)
    const written = textOf(writeProto(read))
    expect(said(readFiles(written))).toEqual(said(read))
  })

  it('writes definitions that were loaded, with all that they refer to and the options that they set', () => {
    const folder = folderWith(files('services', 'options', 'kinds'))
    const contract = loadProto(join(folder, 'services.proto'))
    const written = writeProto(contract.services.map((name) => contract.service(name)))
    expect(written.map(({ path }) => path)).toEqual(['kinds.proto', 'options.proto', 'services.proto'])
    expect(said(readFiles(textOf(written)))).toEqual(said(readFiles(files('services', 'options', 'kinds'))))
  })

  it('keeps enums closed in an edition', () => {
    const written = textOf(writeProto(readFiles(files('editions'))))
    expect(written['editions.proto']).toContain(
      'enum Closed {\n  option features.enum_type = CLOSED;\n\n  CLOSED_A = 1;\n}',
    )
  })

  it('writes the file that code was generated from', () => {
    const written = textOf(writeProto(Object.values(shop).filter((value) => typeof value === 'object')))
    const read = readFiles({
      'shop.proto': readFileSync(new URL('../../../examples/shop/shop.proto', import.meta.url), 'utf8'),
    })
    expect(Object.keys(written)).toEqual(['shop.proto'])
    expect(said(readFiles(written))).toEqual(said(read))
  })
})
