import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { generateCode } from 'tierkit/generate'
import { describe, expect, it } from 'vitest'
import { FileDescriptorSet } from '../../src/codec/descriptor/file-descriptor.js'
import type { MessageInit } from '../../src/codec/message-init.js'
import { folderWith } from './fixtures.js'

// acme.binpb is what this wrote of the files beside it:
//   protoc --include_imports --include_source_info -o acme.binpb acme/shop.proto
const descriptors = fileURLToPath(new URL('descriptors', import.meta.url))
const acme = join(descriptors, 'acme.binpb')
const own = ['acme/options.proto', 'acme/shop.proto']

/** A set of one file that `change` says more of. */
function setOf(change: MessageInit<FileDescriptorSet['file'][number]>): Uint8Array {
  return FileDescriptorSet.encode({ file: [{ name: 'a.proto', syntax: 'proto3', ...change }] })
}

describe('a descriptor set', () => {
  it('gives the same code as the files that it was made from: options, comments and all', () => {
    const files = own.map((name) => join(descriptors, name))
    expect(generateCode({ descriptorSet: acme })).toEqual(generateCode({ files, includes: [descriptors] }))
  })

  it('may be given as bytes', () => {
    expect(generateCode({ descriptorSet: readFileSync(acme) })).toEqual(generateCode({ descriptorSet: acme }))
  })

  it('of buf gives code for imported files only as far as they are needed, for options too', () => {
    const { file } = FileDescriptorSet.decode(readFileSync(acme))
    // Field 8042, a message, with its field 1 set: buf's way to mark them.
    const unknown = Buffer.from('d2f603020801', 'hex')
    const unneeded = { name: 'acme/unneeded.proto', unknown }
    const image = {
      file: [...file.map((one) => (one.name === 'acme/options.proto' ? { ...one, unknown } : one)), unneeded],
    }
    const paths = generateCode({ descriptorSet: FileDescriptorSet.encode(image) }).map(({ path }) => path)
    expect(paths).toEqual(['acme/options_pb.ts', 'acme/shop_pb.ts'])
  })

  it('may be of proto2 and editions: groups, required fields, defaults, features', () => {
    const field = { label: 1, type: 9 }
    const [code] = generateCode({
      descriptorSet: setOf({
        syntax: 'editions',
        edition: 1000,
        options: { features: { fieldPresence: 2 } },
        messageType: [
          {
            name: 'M',
            field: [
              { ...field, name: 'implicit', number: 1 },
              { ...field, name: 'explicit', number: 2, options: { features: { fieldPresence: 1 } } },
            ],
          },
        ],
      }),
    })
    expect(code?.text).toContain('  implicit: string\n  explicit?: string | undefined\n')
    const [old] = generateCode({
      descriptorSet: setOf({
        syntax: 'proto2',
        messageType: [
          {
            name: 'M',
            field: [
              { name: 'id', number: 1, label: 2, type: 3, defaultValue: '-5' },
              { name: 'extra', number: 2, label: 1, type: 10, typeName: '.M.Extra' },
            ],
            nestedType: [{ name: 'Extra', field: [{ ...field, name: 'text', number: 1, defaultValue: 'x' }] }],
          },
        ],
      }),
    })
    expect(old?.text).toContain('  id: bigint\n  extra?: M_Extra | undefined\n')
    expect(old?.text).toContain(
      '"group": true, "fields": {"text": {"type": "string", "id": 1, "options": {"default": "x"}}}',
    )
  })

  it.each<[string, Uint8Array, string]>([
    ['that is none', Buffer.from('hello'), 'descriptor set: cannot decode google.protobuf.FileDescriptorSet'],
    ['that is empty', new Uint8Array(), 'descriptor set: there is no file in it'],
    [
      'without an import',
      setOf({ dependency: ['b.proto'] }),
      'a.proto: b.proto, which it imports, is not among the files',
    ],
    [
      'of an edition to come',
      setOf({ syntax: 'editions', edition: 9999 }),
      'a.proto: its edition, number 9999, is not',
    ],
    [
      'without a type',
      setOf({ messageType: [{ name: 'M', field: [{ name: 'n', number: 1, label: 1, type: 11, typeName: '.N' }] }] }),
      "no such Type or Enum '.N' in Type .M",
    ],
  ])('%s is refused', (_, descriptorSet, problem) => {
    expect(() => generateCode({ descriptorSet })).toThrow(problem)
  })

  it('with a wrong HTTP rule is refused with the place in the file', () => {
    const { file } = FileDescriptorSet.decode(readFileSync(acme))
    const shop = file.find(({ name }) => name === 'acme/shop.proto')
    // The rule of acme.v1.Shop/GetItem with the number of `get` changed to one that no rule has.
    const broken = Buffer.from(readFileSync(acme))
    const at = broken.indexOf('/v1/item')
    broken[at - 2] = (15 << 3) | 2
    expect(shop).toBeDefined()
    expect(() => generateCode({ descriptorSet: broken })).toThrow(
      /^acme\/shop\.proto:\d+:3: a google\.api\.http rule needs/,
    )
  })

  it('is refused where it has a name that no object can have as a key', () => {
    const enumType = [{ name: 'E', value: [{ name: '__proto__', number: 0 }] }]
    const sets = [
      { messageType: [{ name: '__proto__' }] },
      { messageType: [{ name: 'A', nestedType: [{ name: '__proto__' }] }] },
      { enumType },
      { messageType: [{ name: 'A', enumType }] },
      { service: [{ name: '__proto__' }] },
      { service: [{ name: 'S', method: [{ name: '__proto__' }] }] },
      { package: 'a.__proto__' },
    ]
    for (const set of sets)
      expect(() => generateCode({ descriptorSet: setOf(set) })).toThrow(
        /^a\.proto(:1:3)?: __proto__ cannot be a name here/,
      )
    const location = [{ path: [4, 0], span: [4, 2, 8] }]
    const placed = setOf({ messageType: [{ name: '__proto__' }], sourceCodeInfo: { location } })
    expect(() => generateCode({ descriptorSet: placed })).toThrow('a.proto:5:3: __proto__ cannot be a name here')
  })

  it('says comments as files do: compilers leave the second star of /**', () => {
    const location = [{ path: [4, 0], span: [0, 0, 5], leadingComments: '* Says\n more ' }]
    const files = generateCode({ descriptorSet: setOf({ messageType: [{ name: 'A' }], sourceCodeInfo: { location } }) })
    expect(files[0]?.text).toContain(' * Says\n * more\n')
    expect(files[0]?.text).not.toContain('* * Says')
  })

  it('is read or files are, not both; and it must be there', () => {
    const folder = folderWith({ 'a.proto': '' })
    expect(() => generateCode({ files: [folder], descriptorSet: acme })).toThrow('one of them will do')
    expect(() => generateCode({ descriptorSet: join(folder, 'nope.binpb') })).toThrow(
      'nope.binpb: there is no such file',
    )
    writeFileSync(join(folder, 'x.binpb'), '!')
    expect(() => generateCode({ descriptorSet: join(folder, 'x.binpb') })).toThrow('x.binpb: cannot decode')
  })
})
