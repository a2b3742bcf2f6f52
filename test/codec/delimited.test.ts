import { create, createFileRegistry, fromBinary, toBinary } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { parseProto } from 'tierkit/service'
import { describe, expect, it } from 'vitest'
import { FileDescriptorSet } from '../../src/codec/descriptor/file-descriptor.js'
import { definitionFiles } from '../../src/service/proto-schema/definition-files.js'
import { contractToDescriptors } from '../../src/service/reflection/contract-to-descriptors.js'

describe('messages between tags', () => {
  it('are not values of maps, though their file has all messages so; others read the same bytes', () => {
    const source = `edition = "2023"; package d.v1;
option features.message_encoding = DELIMITED;
message M { map<string, M> by_name = 1; M inner = 2; repeated M all = 3; int32 no = 4; }`
    const codec = parseProto(source).codec('d.v1.M')
    const file = contractToDescriptors(definitionFiles([], [codec]))
    const registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, FileDescriptorSet.encode({ file })))
    const schema = registry.getMessage('d.v1.M')
    if (!schema) throw new Error('d.v1.M is missing')
    const message = { byName: { a: { no: 1 } }, inner: { no: 2 }, all: [{ no: 3 }] }

    const bytes = toBinary(schema, create(schema, message as never))
    expect(Buffer.from(codec.encode(message))).toEqual(Buffer.from(bytes))
    expect(codec.decode(bytes)).toEqual(codec.decode(codec.encode(message)))
  })

  it('are what declares a group, and not what only has its type', () => {
    const source = `syntax = "proto2"; package d.v1;
message M {
  optional group FooBar = 1 { optional int32 no = 1; }
  optional FooBar again = 2;
  map<int32, FooBar> by_no = 3;
}`
    const codec = parseProto(source).codec('d.v1.M')
    const message = { fooBar: { no: 1 }, again: { no: 2 }, byNo: { 3: { no: 3 } } }

    expect(Buffer.from(codec.encode(message)).toString('hex')).toBe('0b08010c120208021a06080312020803')
    expect(codec.decode(codec.encode(message))).toMatchObject(message)
    expect(codec.toJson(message)).toEqual({ foobar: { no: 1 }, again: { no: 2 }, byNo: { 3: { no: 3 } } })
  })
})
