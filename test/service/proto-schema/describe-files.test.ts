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

  const head = `
    syntax = "proto2";
    package a.v1;
    import "google/protobuf/descriptor.proto";
    message Note {
      optional string text = 1; optional bytes raw = 2; optional uint64 big = 3; optional double real = 4;
      repeated sint64 list = 5; extensions 100 to 199;
    }
    extend Note { optional string inner_text = 100; }
    extend google.protobuf.MessageOptions { optional Note my_note = 50001; optional string text = 50002; }
    extend google.protobuf.EnumValueOptions { optional Note value_note = 50001; }
  `
  /** What the options of a message are that are written in it. */
  function optionsOf(written: string) {
    const { messages } = described(`${head} message M { ${written} }`)
    return messages.find(({ fullName }) => fullName === 'a.v1.M')?.options
  }

  it.each([
    ['as UTF-8 in octal', String.raw`option (a.v1.text) = "\303\251";`, { '(a.v1.text)': 'é' }],
    ['as UTF-8 in hex, in two pieces', String.raw`option (a.v1.text) = "\xc3" '\xA9';`, { '(a.v1.text)': 'é' }],
    ['as a character', String.raw`option (a.v1.text) = "\u00e9\U0001F600é";`, { '(a.v1.text)': 'é😀é' }],
    ['of quotes and lines', String.raw`option (a.v1.text) = '\'"\n\\n';`, { '(a.v1.text)': '\'"\n\\n' }],
    ['of bytes', String.raw`option (a.v1.my_note).raw = "\xff\377\0é";`, { '(a.v1.my_note)': { raw: 'ÿÿ\0Ã©' } }],
    ['that are no UTF-8 in a text', String.raw`option (a.v1.text) = "a\xff";`, { '(a.v1.text)': 'aÿ' }],
  ])('reads escapes %s', (_, written, options) => expect(optionsOf(written)).toEqual(options))

  it.each([
    ['18446744073709551615', { big: '18446744073709551615' }],
    ['0xFFFFFFFFFFFFFFFF', { big: '18446744073709551615' }],
    ['9007199254740991', { big: 9007199254740991 }],
  ])('reads the integer %s as it is', (digits, note) => {
    expect(optionsOf(`option (my_note).big = ${digits};`)).toEqual({ '(a.v1.my_note)': note })
  })

  it('reads integers in messages and lists, and as numbers where they are none of 64 bits', () => {
    const written =
      'option (my_note) = { real: 100000000000000000000 list: [1, -9223372036854775808] big: 9007199254740993 };'
    const note = { real: 1e20, list: [1, '-9223372036854775808'], big: '9007199254740993' }
    expect(optionsOf(written)).toEqual({ '(a.v1.my_note)': note })
  })

  it('reads defaults exactly', () => {
    const { messages } = described(`${head} message M {
      optional int64 least = 1 [default = -9223372036854775808];
      optional uint64 most = 2 [deprecated = true, default = 0xFFFFFFFFFFFFFFFF];
      optional string text = 3 [default = "\\303\\251"];
      optional bytes raw = 4 [default = "\\303\\251"];
    }`)
    const fields = messages.find(({ path }) => path[0] === 'M')?.members
    expect(fields?.map(({ options }) => options)).toEqual([
      { default: '-9223372036854775808' },
      { deprecated: true, default: '18446744073709551615' },
      { default: 'é' },
      { default: 'Ã©' },
    ])
  })

  it('leaves numbers alone that are no values of options', () => {
    expect(() => described('syntax = "proto3"; message M { string a = 99999999999999999999; }')).toThrow(
      '99999999999999999999 is not a field number',
    )
  })

  it.each([
    ['(my_note).text = "x"', { '(a.v1.my_note)': { text: 'x' } }],
    ['(v1.my_note).text = "x"', { '(a.v1.my_note)': { text: 'x' } }],
    ['(.a.v1.my_note) = { text: "x" }', { '(a.v1.my_note)': { text: 'x' } }],
    ['(my_note).(a.v1.inner_text) = "x"', { '(a.v1.my_note)': { '[a.v1.inner_text]': 'x' } }],
    ['(my_note) = { [a.v1.inner_text]: "x" }', { '(a.v1.my_note)': { '[a.v1.inner_text]': 'x' } }],
    ['(my_note).(inner_text) = "x"', { '(a.v1.my_note)': { '[a.v1.inner_text]': 'x' } }],
  ])('calls options by their full names: %s', (written, options) => {
    expect(optionsOf(`option ${written};`)).toEqual(options)
  })

  it('looks names of options up from the inside out', () => {
    const { messages } = described(`${head} message M {
      extend google.protobuf.MessageOptions { optional string my_note = 50009; }
      option (my_note) = "inner";
    }`)
    expect(messages.at(-1)?.options).toEqual({ '(a.v1.M.my_note)': 'inner' })
  })

  it('keeps options of enum values together, and those of files, which other files of the package do not have', () => {
    const { enums } = described(`${head} enum E { A = 0 [(value_note).text = "\\u00e9", (value_note).raw = "\\xff"]; }`)
    expect(enums[0]?.values[0]?.options).toEqual({ '(a.v1.value_note)': { text: 'é', raw: 'ÿ' } })
    const both = describeFiles(
      readProtoSource('syntax = "proto3"; package a; option go_package = "x"; message A {}', 'a.proto', []),
    )
    expect(both.map(({ options }) => options)).toEqual([{ go_package: 'x' }])
  })

  it('knows names of oneofs as they are written', () => {
    const { messages } = described(
      'syntax = "proto3"; message M { oneof childRef { int32 a = 1; } oneof other_ref { int32 b = 2; } }',
    )
    const named = messages[0]?.members.map((member) => [member.name, member.protoName])
    expect(named).toEqual([
      ['childRef', 'childRef'],
      ['otherRef', 'other_ref'],
    ])
  })
})
