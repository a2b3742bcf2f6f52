import { describe, expect, it } from 'vitest'
import type { DescriptorProto, FileDescriptorProto } from '../../../src/codec/descriptor/file-descriptor.js'
import { contractToDescriptors } from '../../../src/service/reflection/contract-to-descriptors.js'
import { descriptorsOf, optionsIn, textsOf } from './faithful.js'
import { readFiles } from './round-trip.js'

// What is expected here is what protoc 35.1 writes of these files with --descriptor_set_out.

const options = `syntax = "proto2"; package opts.v1;
import "google/protobuf/descriptor.proto";
message Box {
  optional int32 size = 1;
  repeated string labels = 2;
  optional Box inner = 3;
  map<string, Box> by_name = 4;
  extensions 100 to max;
  message Scoped { extend Box { optional Scoped scoped = 103; } optional bool on = 1; }
}
extend Box { optional int32 weight = 100; repeated string notes = 101; optional Box deep = 102; }
extend google.protobuf.FileOptions { optional Box file_box = 60001; }
extend google.protobuf.MessageOptions { optional Box message_box = 60001; repeated Box message_boxes = 60002; }
extend google.protobuf.FieldOptions { optional Box field_box = 60001; optional bytes raw = 60005; }
extend google.protobuf.EnumOptions { optional Box enum_box = 60001; }
extend google.protobuf.EnumValueOptions {
  optional Box value_box = 60001; repeated string words = 60002; repeated int32 codes = 60003; repeated Box value_boxes = 60004;
}
`

const fileOf = async (files: Readonly<Record<string, string>>, name: string) =>
  (await descriptorsOf(files)).get(name) as FileDescriptorProto
const fieldsOf = (message: DescriptorProto | undefined) => new Map(message?.field.map((field) => [field.name, field]))

describe('optional messages of proto3', () => {
  const files = {
    'a.proto': `syntax = "proto3"; package a.v1;
import "google/protobuf/descriptor.proto";
import "google/protobuf/timestamp.proto";
message New {
  optional New child = 1;
  New plain = 2;
  optional google.protobuf.Timestamp at = 3;
  optional string _kid = 4;
  oneof choice { New one = 5; string other = 6; }
}
extend google.protobuf.MessageOptions { optional New said = 50001; New unsaid = 50002; }
`,
  }

  it('have a oneof to themselves, behind those of the file', async () => {
    const file = await fileOf(files, 'a.proto')
    const [message] = file.messageType
    const fields = fieldsOf(message)
    expect(message?.oneofDecl.map(({ name }) => name)).toEqual(['choice', '_child', '_at', 'X_kid'])
    expect(fields.get('child')).toMatchObject({ oneofIndex: 1, proto3Optional: true })
    expect(fields.get('at')).toMatchObject({ oneofIndex: 2, proto3Optional: true })
    expect(fields.get('_kid')).toMatchObject({ oneofIndex: 3, proto3Optional: true })
    expect(fields.get('plain')).not.toHaveProperty('proto3Optional')
    expect(fields.get('plain')).not.toHaveProperty('oneofIndex')
    expect(file.extension.map(({ proto3Optional }) => proto3Optional)).toEqual([true, undefined])
  })

  it('are written as such', () => {
    const text = textsOf(files).get('a.proto')
    expect(text).toContain(
      '  optional New child = 1;\n  New plain = 2;\n  optional google.protobuf.Timestamp at = 3;\n',
    )
    expect(text).toContain('  optional New said = 50001;\n  New unsaid = 50002;\n')
  })
})

describe('imports', () => {
  const files = {
    'main.proto': `syntax = "proto3"; package main.v1;
import weak "other.proto";
import public "shared.proto";
import "unused.proto";
message Main { shared.v1.More more = 1; }
`,
    'other.proto': 'syntax = "proto3"; package other.v1; message Other {}',
    'unused.proto': 'syntax = "proto3"; package unused.v1; message Unused {}',
    'shared.proto': 'syntax = "proto3"; package shared.v1; import public "more.proto"; message Shared {}',
    'more.proto':
      'syntax = "proto3"; package shared.v1; message More { string text = 1; } enum Size { SIZE_NONE = 0; }',
    'user.proto': 'syntax = "proto3"; package user.v1; import "main.proto"; message User { shared.v1.Size size = 1; }',
  }

  it('stay public and weak; what comes with another file is not imported besides, what is not needed not at all', async () => {
    const described = await descriptorsOf(files)
    expect(described.get('main.proto')).toMatchObject({
      dependency: ['other.proto', 'shared.proto'],
      publicDependency: [1],
      weakDependency: [0],
    })
    expect(described.get('shared.proto')).toMatchObject({ dependency: ['more.proto'], publicDependency: [0] })
    expect(described.get('user.proto')).toMatchObject({ dependency: ['main.proto'], publicDependency: [] })
  })

  it('are written as they were', () => {
    const texts = textsOf(files)
    expect(texts.get('main.proto')).toContain('import weak "other.proto";\nimport public "shared.proto";\n\n')
    expect(texts.get('user.proto')).toContain('import "main.proto";\n\n')
  })

  it('for options only are those of edition 2024', async () => {
    const late = {
      'opts.proto': options,
      'late.proto': `edition = "2024"; package late.v1;
import option "opts.proto";
message Late { string a = 1 [(opts.v1.field_box).size = 1]; }
`,
    }
    expect(await fileOf(late, 'late.proto')).toMatchObject({ dependency: [], optionDependency: ['opts.proto'] })
    expect(textsOf(late).get('late.proto')).toContain('import option "opts.proto";\n')
  })
})

describe('features', () => {
  const files = {
    'ed.proto': `edition = "2023"; package ed.v1;
option features = { json_format: LEGACY_BEST_EFFORT field_presence: IMPLICIT };
option features.utf8_validation = NONE;
option features.message_encoding = DELIMITED;
message A {
  option features.json_format = ALLOW;
  string a = 1 [features.utf8_validation = VERIFY];
  string b = 2;
  A d = 4;
  A e = 5 [features.message_encoding = LENGTH_PREFIXED];
  string f = 6 [features.field_presence = EXPLICIT, default = "x"];
  string g = 7 [features = { field_presence: LEGACY_REQUIRED utf8_validation: VERIFY }];
  map<string, A> m = 8;
  enum Closed { option features.enum_type = CLOSED; option features.json_format = ALLOW; ONE = 1; }
  extensions 100 to 200;
}
message B { string b = 1; }
extend A { string ext = 100 [features.utf8_validation = VERIFY]; }
enum Open { OPEN_ZERO = 0; }
`,
  }

  it('are told where they were said: of the file, of messages, of enums and of fields', async () => {
    const file = await fileOf(files, 'ed.proto')
    const [a, b] = file.messageType
    const features = new Map([...fieldsOf(a)].map(([name, { options }]) => [name, options?.features]))
    expect(file.options?.features).toEqual({ fieldPresence: 2, utf8Validation: 3, messageEncoding: 2, jsonFormat: 2 })
    expect(a?.options?.features).toEqual({ jsonFormat: 1 })
    expect(features).toEqual(
      new Map([
        ['a', { utf8Validation: 2 }],
        ['b', undefined],
        ['d', undefined],
        ['e', { messageEncoding: 1 }],
        ['f', { fieldPresence: 1 }],
        ['g', { fieldPresence: 3, utf8Validation: 2 }],
        ['m', undefined],
      ]),
    )
    expect(a?.enumType[0]?.options?.features).toEqual({ enumType: 2, jsonFormat: 1 })
    expect(file.extension[0]?.options?.features).toEqual({ utf8Validation: 2 })
    expect([b?.options, b?.field[0]?.options, file.enumType[0]?.options]).toEqual([undefined, undefined, undefined])
  })

  it('are written where they were said', () => {
    const text = textsOf(files).get('ed.proto')
    expect(text).toContain(
      'option features.json_format = LEGACY_BEST_EFFORT;\noption features.field_presence = IMPLICIT;\n' +
        'option features.utf8_validation = NONE;\noption features.message_encoding = DELIMITED;\n',
    )
    expect(text).toContain('  string a = 1 [features.utf8_validation = VERIFY];\n  string b = 2;\n')
    expect(text).toContain('  option features.json_format = ALLOW;\n')
  })
})

describe('types of edition 2024', () => {
  const files = {
    'late.proto': `edition = "2024"; package late.v1;
export message Exported { Local l = 1; local message Hidden { int32 i = 1; } message Plain {} }
local message Local {}
export enum Kind { KIND_NONE = 0; }
`,
  }

  it('say whether others may refer to them', async () => {
    const { messageType, enumType } = await fileOf(files, 'late.proto')
    const [exported, local] = messageType
    expect([exported, local, ...(exported?.nestedType ?? []), ...enumType].map((type) => type?.visibility)).toEqual([
      2,
      1,
      1,
      undefined,
      2,
    ])
    expect(textsOf(files).get('late.proto')).toContain('\n  local message Hidden {\n')
    expect(textsOf(files).get('late.proto')).toContain('\nexport enum Kind {\n')
  })
})

describe('options', () => {
  it('keep the extensions that are set in their messages', async () => {
    const files = {
      'opts.proto': options,
      'use.proto': `syntax = "proto2"; package use.v1;
import "opts.proto";
option (opts.v1.file_box) = { size: 1 [opts.v1.weight]: 2 [opts.v1.notes]: ["a", "b"] [opts.v1.deep] { [opts.v1.weight]: 5 } };
message Use {
  option (opts.v1.message_box).(opts.v1.weight) = 9;
  option (opts.v1.message_box).(opts.v1.deep).(opts.v1.weight) = 10;
  option (opts.v1.message_box).(opts.v1.Box.Scoped.scoped).on = true;
  option (opts.v1.message_boxes) = { size: 1 };
  option (opts.v1.message_boxes) = { size: 2 [opts.v1.weight]: 3 };
  optional string id = 1 [(opts.v1.field_box).(opts.v1.weight) = 1, (opts.v1.raw) = "\\000\\377a"];
}
enum Kind {
  option (opts.v1.enum_box) = { labels: "l" by_name { key: "k" value { [opts.v1.weight]: 7 } } };
  KIND_ONE = 1;
}
`,
    }
    const described = await descriptorsOf(files)
    const file = described.get('use.proto')
    const set = optionsIn([...described.values()])
    expect(file?.dependency).toEqual(['opts.proto'])
    expect(set('FileOptions', file?.options)).toEqual({
      '(opts.v1.file_box)': {
        size: 1,
        '[opts.v1.weight]': 2,
        '[opts.v1.notes]': ['a', 'b'],
        '[opts.v1.deep]': { '[opts.v1.weight]': 5 },
      },
    })
    expect(set('MessageOptions', file?.messageType[0]?.options)).toEqual({
      '(opts.v1.message_box)': {
        '[opts.v1.weight]': 9,
        '[opts.v1.deep]': { '[opts.v1.weight]': 10 },
        '[opts.v1.Box.Scoped.scoped]': { on: true },
      },
      '(opts.v1.message_boxes)': [{ size: 1 }, { size: 2, '[opts.v1.weight]': 3 }],
    })
    expect(set('FieldOptions', file?.messageType[0]?.field[0]?.options)).toEqual({
      '(opts.v1.field_box)': { '[opts.v1.weight]': 1 },
      '(opts.v1.raw)': '\u0000\u00ffa',
    })
    expect(set('EnumOptions', file?.enumType[0]?.options)).toEqual({
      '(opts.v1.enum_box)': { labels: ['l'], by_name: [{ key: 'k', value: { '[opts.v1.weight]': 7 } }] },
    })
  })

  it('that are for sources only are in texts, and not in descriptors', async () => {
    const files = {
      'a.proto': `syntax = "proto2"; package a.v1;
import "google/protobuf/descriptor.proto";
message Said { optional int32 kept = 1; optional int32 gone = 2 [retention = RETENTION_SOURCE]; }
extend google.protobuf.MessageOptions { optional Said said = 50001; optional int32 note = 50002 [retention = RETENTION_SOURCE]; }
message A { option (said) = { kept: 1 gone: 2 }; option (note) = 3; }
`,
    }
    const described = contractToDescriptors(readFiles(files))
    const message = described.find(({ name }) => name === 'a.proto')?.messageType.find(({ name }) => name === 'A')
    expect(optionsIn(described)('MessageOptions', message?.options)).toEqual({ '(a.v1.said)': { kept: 1 } })
    expect(textsOf(files).get('a.proto')).toContain('option (a.v1.note) = 3;\n')
    expect(textsOf(files).get('a.proto')).toContain('gone: 2\n')
  })

  it('of a file may stand in front of its package', async () => {
    const source = 'syntax = "proto3"; option java_package = "x"; package a.v1; option go_package = "y"; message A {}'
    const file = await fileOf({ 'a.proto': source }, 'a.proto')
    expect(file.options).toMatchObject({ javaPackage: 'x', goPackage: 'y' })
  })

  it('of ranges of extensions are theirs', async () => {
    const files = {
      'a.proto': `syntax = "proto2"; package a.v1;
import "google/protobuf/descriptor.proto";
extend google.protobuf.ExtensionRangeOptions { optional string note = 50001; }
message A {
  extensions 5; /* plain */ extensions 10 to 19, 0x20 [(note) = "mine; [yes]", verification = UNVERIFIED];
  extensions 100 to max;
}
`,
    }
    const described = await descriptorsOf(files)
    const ranges = described.get('a.proto')?.messageType[0]?.extensionRange
    const set = optionsIn([...described.values()])
    expect(ranges?.map(({ start, end, options }) => [start, end, set('ExtensionRangeOptions', options)])).toEqual([
      [5, 6, {}],
      [10, 20, { '(a.v1.note)': 'mine; [yes]' }],
      [32, 33, { '(a.v1.note)': 'mine; [yes]' }],
      [100, 536870912, {}],
    ])
    expect(textsOf(files).get('a.proto')).toContain(
      '  extensions 32 [\n    (a.v1.note) = "mine; [yes]",\n    verification',
    )
  })

  it('of enum values are all there, with all that lists in them have', async () => {
    const files = {
      'opts.proto': options,
      'kinds.proto': `syntax = "proto2"; package kinds.v1;
import "opts.proto";
message Holder {
  // Comments stay where they are.
  enum Kind {
    FIRST = 1 [(opts.v1.words) = "one", (opts.v1.words) = "two, or [ more", (opts.v1.codes) = 1, (opts.v1.codes) = 2]; // The first.
    // The second.
    SECOND = -2 [
      deprecated = true, // not [any] more
      (opts.v1.value_box).size = 3,
      (.opts.v1.value_box).(opts.v1.weight) = 4,
      (opts.v1.value_boxes) = { size: 1 },
      (opts.v1.value_boxes) = { size: 2, labels: ["x", "y"] /* , */ }
    ];
    THIRD = 3; // Has none.
  }
}
`,
    }
    const described = await descriptorsOf(files)
    const [first, second, third] = described.get('kinds.proto')?.messageType[0]?.enumType[0]?.value ?? []
    const set = optionsIn([...described.values()])
    expect(set('EnumValueOptions', first?.options)).toEqual({
      '(opts.v1.words)': ['one', 'two, or [ more'],
      '(opts.v1.codes)': [1, 2],
    })
    expect(set('EnumValueOptions', second?.options)).toEqual({
      deprecated: true,
      '(opts.v1.value_box)': { size: 3, '[opts.v1.weight]': 4 },
      '(opts.v1.value_boxes)': [{ size: 1 }, { size: 2, labels: ['x', 'y'] }],
    })
    expect(third?.options).toBeUndefined()
    expect(textsOf(files).get('kinds.proto')).toContain(
      '  // Comments stay where they are.\n  enum Kind {\n    // The first.\n    FIRST = 1 [\n',
    )
  })
})

describe('groups', () => {
  it('are named in lower case, and only what declares one is one', async () => {
    const files = {
      'old.proto': `syntax = "proto2"; package old.v1;
extend Old { optional group Ext = 100 { optional int32 a = 1; } }
message Old {
  optional group FooBar = 1 { optional string name = 1; }
  optional FooBar again = 2;
  map<int32, FooBar> by_no = 3;
  extensions 100 to max;
}
`,
    }
    const file = await fileOf(files, 'old.proto')
    const fields = fieldsOf(file.messageType[1])
    expect(fields.get('foobar')).toMatchObject({ type: 10, jsonName: 'foobar', typeName: '.old.v1.Old.FooBar' })
    expect(fields.get('again')).toMatchObject({ type: 11 })
    expect(file.messageType[1]?.nestedType.find(({ name }) => name === 'ByNoEntry')?.field[1]).toMatchObject({
      type: 11,
    })
    expect(file.extension[0]).toMatchObject({ name: 'ext', type: 10 })
    expect(textsOf(files).get('old.proto')).toContain('extend old.v1.Old {\n  optional group Ext = 100 {\n')
  })
})

describe('groups that a parser may not know', () => {
  const files = {
    'old.proto': `syntax = "proto2"; package old.v1;
extend Old { optional group WithMore = 100 [deprecated = true] { optional int32 a = 1; } }
message Old {
  oneof pick {
    string one = 1; // The first.
    // A group.
    group Two = 2 {
      optional int32 x = 1; // gone { with the braces
      optional group Deep = 2 { optional string d = 1; }
    }
    int32 three = 3;
  }
  repeated group Said = 4 [deprecated = true] { optional string s = 1; }
  optional group R_Grp = 6 { optional string s = 1; }
  optional string after = 5; // After it.
  extensions 100 to max;
}
`,
  }

  it('are read in oneofs, and with options', async () => {
    const file = await fileOf(files, 'old.proto')
    const old = file.messageType.find(({ name }) => name === 'Old')
    const fields = fieldsOf(old)
    expect(fields.get('two')).toMatchObject({ type: 10, oneofIndex: 0, typeName: '.old.v1.Old.Two' })
    expect(fields.get('said')).toMatchObject({ type: 10, label: 3, options: { deprecated: true } })
    expect(file.extension[0]).toMatchObject({ name: 'withmore', type: 10, options: { deprecated: true } })
    expect(fields.get('r_grp')).toMatchObject({ type: 10, jsonName: 'rGrp' })
    const two = old?.nestedType.find(({ name }) => name === 'Two')
    expect(two?.field.map(({ name, type }) => [name, type])).toEqual([
      ['x', 5],
      ['deep', 10],
    ])
    expect([two?.options, old?.oneofDecl.length, old?.nestedType.length]).toEqual([undefined, 1, 3])
  })

  it('keep their place: errors name the line that they are in', () => {
    const wrong = { 'old.proto': `${files['old.proto']}message Last { optional Missing m = 1; }` }
    expect(() => readFiles(wrong)).toThrow(/old\.proto:18:25: no such type: Missing/)
  })

  it('are written as groups', () => {
    const text = textsOf(files).get('old.proto')
    expect(text).toContain('    // A group.\n    group Two = 2 {\n')
    expect(text).toContain('  repeated group Said = 4 [deprecated = true] {\n')
    expect(text).toContain('  optional group WithMore = 100 [deprecated = true] {\n')
  })
})

describe('what comes in pieces', () => {
  it('is one message when it is read from descriptors, as compilers write it', () => {
    const files = {
      'opts.proto': options,
      'a.proto': 'syntax = "proto" "3"; package a.v1; import "opts.proto"; message A {}',
    }
    const described = contractToDescriptors(readFiles(files))
    // message_box is 60001, its inner 3, the size of that 1, its labels 2.
    const piece = (...inner: number[]) => [0x8a, 0xa6, 0x1d, inner.length + 2, 0x1a, inner.length, ...inner]
    const unknown = Uint8Array.of(...piece(8, 1), ...piece(0x12, 1, 0x61), ...piece(0x12, 1, 0x62))
    expect(optionsIn(described)('MessageOptions', { unknown })).toEqual({
      '(opts.v1.message_box)': { inner: { size: 1, labels: ['a', 'b'] } },
    })
    expect(described.find(({ name }) => name === 'a.proto')?.syntax).toBe('proto3')
  })
})

describe('defaults', () => {
  it('are as they were written', async () => {
    const files = {
      'old.proto': `syntax = "proto2"; package old.v1;
message Old {
  optional bytes raw = 1 [default = "a\\000\\"'\\\\\\n\\xff"];
  optional uint64 most = 2 [default = 18446744073709551615];
  optional float low = 3 [default = -inf];
  optional float round = 4 [default = 9e9];
  optional double big = 5 [default = 1e100];
  optional double third = 6 [default = 0.3333333333333333];
  optional float tenth = 7 [default = 0.1];
  optional double small = 8 [default = -1.5e-7];
}
`,
    }
    const [message] = (await fileOf(files, 'old.proto')).messageType
    expect(message?.field.map(({ defaultValue }) => defaultValue)).toEqual([
      'a\\000\\"\\\'\\\\\\n\\377',
      '18446744073709551615',
      '-inf',
      '9e+09',
      '1e+100',
      '0.33333333333333331',
      '0.1',
      '-1.5e-07',
    ])
  })
})
