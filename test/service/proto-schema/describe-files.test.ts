import { describe, expect, it } from 'vitest'
import { readProtoSource } from '../../../src/service/proto/read-proto.js'
import { describeFiles } from '../../../src/service/proto-schema/describe-files.js'

/** What one file says. */
function described(source: string) {
  const [file] = describeFiles(readProtoSource(source, 'a/v1/a.proto', []))
  if (!file) throw new Error('there is no file')
  return file
}

describe('describeFiles', () => {
  it('calls extensions by their names in the contract, and says where the extended message is declared', () => {
    const { extensions = [] } = described(`
      syntax = "proto3";
      package a.v1;
      import "google/protobuf/descriptor.proto";
      extend google.protobuf.MethodOptions { optional int32 multiple_of = 50001; }
      message Holder { extend google.protobuf.FieldOptions { optional string inner_note = 50002; } }
    `)
    expect(
      extensions.map(({ fullName, path, extendee, extendeeFile }) => [fullName, path, extendee, extendeeFile]),
    ).toEqual([
      ['a.v1.multiple_of', ['multiple_of'], 'google.protobuf.MethodOptions', 'google/protobuf/descriptor.proto'],
      [
        'a.v1.Holder.inner_note',
        ['Holder', 'inner_note'],
        'google.protobuf.FieldOptions',
        'google/protobuf/descriptor.proto',
      ],
    ])
  })
})
