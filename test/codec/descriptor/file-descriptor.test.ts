import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { Edition, FieldLabel, FieldType } from '../../../src/codec/descriptor/field-type.js'
import { FileDescriptorProto, FileDescriptorSet } from '../../../src/codec/descriptor/file-descriptor.js'

// Written by protoc 3.21: protoc -I protos --include_imports --descriptor_set_out=everything.binpb everything.proto old.proto
const bytes = readFileSync(new URL('everything.binpb', import.meta.url))

describe('a descriptor set', () => {
  it('is read and written again as it was, byte for byte', () => {
    expect(Buffer.from(FileDescriptorSet.encode(FileDescriptorSet.decode(bytes)))).toEqual(bytes)
  })

  it('is read into plain objects, where what is absent is absent and lists are always there', () => {
    const { file } = FileDescriptorSet.decode(bytes)
    const everything = file.find(({ name }) => name === 'everything.proto')
    const order = everything?.messageType.find(({ name }) => name === 'Order')

    expect(everything).toMatchObject({
      package: 'every.v1',
      syntax: 'proto3',
      publicDependency: [5],
      options: { goPackage: 'every/v1;every', javaMultipleFiles: true },
    })
    expect(order?.field.find(({ name }) => name === 'total_cents')).toEqual({
      name: 'total_cents',
      number: 2,
      label: FieldLabel.optional,
      type: FieldType.int64,
      oneofIndex: 1,
      jsonName: 'totalCents',
      proto3Optional: true,
    })
    expect(order?.reservedRange).toEqual([
      { start: 4, end: 5 },
      { start: 20, end: 30 },
      { start: 1000, end: 536870912 },
    ])
    expect(order?.field[0]?.options).toEqual({
      targets: [],
      editionDefaults: [],
      uninterpretedOption: [],
      // google.api.field_behavior, 1052: REQUIRED and IMMUTABLE
      unknown: new Uint8Array([0xe0, 0x41, 2, 0xe0, 0x41, 5]),
    })
  })

  it('keeps fields, enum values and extensions that it does not know', () => {
    const later = new Uint8Array([0x0a, 1, 0x61, 0x70, 0xa0, 0x1f, 0xa8, 0x1f, 7])
    const file = FileDescriptorProto.decode(later)

    expect(file).toMatchObject({ name: 'a', edition: 4000, unknown: new Uint8Array([0xa8, 0x1f, 7]) })
    expect(new Uint8Array(FileDescriptorProto.encode(file))).toEqual(later)
  })

  it('is written of what is given only', () => {
    const file = FileDescriptorProto.decode(FileDescriptorProto.encode({ edition: Edition[2023], messageType: [{}] }))

    expect(file.edition).toBe(1000)
    expect(file.messageType).toHaveLength(1)
    expect(file).not.toHaveProperty('name')
  })

  it('merges a message that comes in pieces', () => {
    const file = FileDescriptorProto.decode(
      new Uint8Array([0x42, 2, 0x50, 1, 0x42, 3, 0xb8, 1, 1, 0x42, 3, 0xc0, 0x3e, 1]),
    )

    expect(file.options).toMatchObject({
      javaMultipleFiles: true,
      deprecated: true,
      unknown: new Uint8Array([0xc0, 0x3e, 1]),
    })
  })

  it.each([
    ['is cut off', [0x0a, 9, 0x61]],
    ['has a length beyond its message', [0x22, 3, 0x0a, 4, 0x61, 0x61]],
    ['has a tag of no type', [0x0f]],
  ])('fails with INTERNAL when it %s', (_, broken) => {
    expect(() => FileDescriptorSet.decode(new Uint8Array([0x0a, broken.length, ...broken]))).toThrow(
      /cannot decode google.protobuf.FileDescriptorSet/,
    )
  })

  it('fails with INTERNAL when it nests without end', () => {
    let nested: Uint8Array = new Uint8Array()
    for (let depth = 0; depth < 200; depth += 1) {
      const length = nested.length < 128 ? [nested.length] : [(nested.length & 127) | 128, nested.length >> 7]
      nested = new Uint8Array([0x1a, ...length, ...nested])
    }
    const file = new Uint8Array([0x22, (nested.length & 127) | 128, nested.length >> 7, ...nested])

    expect(() => FileDescriptorProto.decode(file)).toThrow(/nested deeper than 100/)
  })

  it('fails to write a value that does not fit, and names the field', () => {
    // @ts-expect-error: a number where text belongs
    expect(() => FileDescriptorProto.encode({ name: 7 })).toThrow(/name is no string/)
  })
})
