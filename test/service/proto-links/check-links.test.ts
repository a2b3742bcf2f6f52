import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { loadProto } from 'tierkit/service'
import { afterAll, describe, expect, it } from 'vitest'

const others: Readonly<Record<string, string>> = {
  'p2.proto': 'syntax = "proto2"; message P2 { extensions 100; } enum E2 { Q = 0; }',
  'through.proto': 'syntax = "proto3"; import "p2.proto"; message T { P2 x = 1; }',
  'public.proto': 'syntax = "proto3"; import public "p2.proto";',
  'options.proto': `syntax = "proto2"; import "google/protobuf/descriptor.proto";
    enum Kind { SMALL = 1; }
    message Note {
      optional int32 a = 1; optional string b = 2; repeated int32 list = 3; repeated Note notes = 4;
      oneof c { int32 one = 5; int32 two = 6; }
      map<string, int32> m = 7;
      optional group Inner = 8 { optional bool yes = 1; }
      extensions 100;
    }
    extend Note { optional string more = 100; }
    extend google.protobuf.FieldOptions {
      optional int32 no = 50000; optional Note note = 50001; repeated int32 numbers = 50002;
      optional Kind kind = 50003; optional uint64 big = 50004; optional float real = 50005; optional bool yes = 50006;
    }`,
  'options-through.proto': 'syntax = "proto3"; import "options.proto";',
}

const folder = mkdtempSync(join(tmpdir(), 'tierkit-links-'))
afterAll(() => rmSync(folder, { recursive: true }))
let count = 0

/** Reads a file of one line behind its syntax. */
function read(line: string, edition = 'proto3') {
  count += 1
  const files = { ...others, [`a${count}/a.proto`]: `syntax = "${edition}";\n${line}` }
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  return loadProto(join(folder, `a${count}/a.proto`), { includes: [folder] })
}

function refuses(edition: string, cases: [title: string, line: string, problem: string][]): void {
  it.each(cases)('refuses %s', (_, line, problem) => {
    expect(() => read(line, edition)).toThrow(`a.proto:2:${problem}`)
  })
}

/** The message `A` with a field that has an option. */
const withOption = (option: string): string => `import "options.proto"; message A { int32 x = 1 [${option}]; }`

describe('types', () => {
  refuses('proto3', [
    ['a service', 'service S {} message A { S x = 1; }', '26: no such type: S'],
    [
      'those of a file that another one imports',
      'import "through.proto"; message A { P2 x = 1; }',
      '37: P2 is of p2.proto, which is not imported',
    ],
    [
      'enums of proto2',
      'import "p2.proto"; message A { E2 x = 1; }',
      '32: E2 is an enum of proto2, which fields of proto3 cannot hold',
    ],
    ['scalars of methods', 'message A {} service S { rpc D(stream int32) returns (A); }', '39: no such message: int32'],
    [
      'enums of methods',
      'enum E { Z = 0; } message A {} service S { rpc D(A) returns (E); }',
      '62: no such message: E',
    ],
    [
      'what the innermost scope of their first part does not have',
      'message f { message b {} } message M { message f {} f.b x = 1; }',
      '53: no such type: f.b',
    ],
    [
      'messages that proto3 extends, but for options',
      'import "p2.proto"; extend P2 { int32 x = 100; }',
      '27: proto3 extends options only, not P2',
    ],
  ])
  refuses('proto2', [
    ['an extension of a scalar', 'extend int32 { optional int32 x = 1; }', '8: no such type: int32'],
    ['an extension of an enum', 'enum E { A = 1; } extend E { optional int32 x = 1; }', '26: no such type: E'],
    [
      'numbers that a message does not leave to extensions',
      'message A { extensions 4 to 6; } extend A { optional int32 x = 7; }',
      '64: 7 is no number that A has for extensions',
    ],
    [
      'enums in maps that do not begin at 0',
      'enum E { A = 1; } message M { map<int32, E> x = 5; }',
      '42: the first value of enum E must be 0 to be in map x',
    ],
    ['packed messages', 'message A { repeated A x = 1 [packed = true]; }', '31: x cannot be packed'],
    [
      'defaults of messages',
      'message A { optional A x = 1 [default = 1]; }',
      '31: x is a message, A: it can have no default',
    ],
    [
      'defaults that an enum does not have',
      'enum E { Z = 1; } message A { optional E x = 1 [default = NO]; }',
      '59: the default of x cannot be that: a value of E is expected',
    ],
    [
      'numbers as defaults of enums',
      'enum E { Z = 1; } message A { optional E x = 1 [default = 1]; }',
      '59: the default of x cannot be that',
    ],
    [
      'defaults of another type',
      'message A { optional int32 x = 1 [default = "a"]; }',
      '45: the default of x cannot be that: an integer of the type int32 is expected',
    ],
    [
      'defaults that are too large',
      'message A { optional int32 x = 1 [default = 3000000000]; }',
      '45: the default of x cannot be that: an integer of the type int32',
    ],
    [
      'defaults below 0 of what has no sign',
      'message A { optional uint32 x = 1 [default = -1]; }',
      '46: the default of x cannot be that: an integer of the type uint32',
    ],
    [
      'numbers as defaults of text',
      'message A { optional string x = 1 [default = 3]; }',
      '46: the default of x cannot be that: a text in quotes is expected',
    ],
    ['two defaults', 'message A { optional int32 x = 1 [default = 1, default = 2]; }', '48: default is set already'],
    [
      'names in JSON that are no text',
      'message A { optional int32 x = 1 [json_name = 3]; }',
      '47: json_name cannot be that: a text in quotes is expected',
    ],
  ])

  it('are those of imported files, and of what these import publicly', () => {
    expect(
      read(
        'import "public.proto"; message A { P2 x = 1; google.protobuf.Any y = 2; } import "google/protobuf/any.proto";',
      ).messages,
    ).toContain('A')
  })

  it('may have any default that they can hold', () => {
    const fields = ['float a = 1 [default = 3]', 'double b = 2 [default = -inf]', 'float c = 3 [default = nan]']
    const more = [
      'uint64 d = 4 [default = 0xFFFFFFFFFFFFFFFF]',
      'int32 e = 5 [default = -017]',
      'bool f = 6 [default = true]',
    ]
    const lines = [...fields, ...more].map((field) => `optional ${field};`)
    expect(read(`message A { ${lines.join(' ')} }`, 'proto2').messages).toContain('A')
  })
})

describe('options', () => {
  const unknown: [string, string, string][] = [
    ['of files', 'option nope = 1;', '8: no such option: nope'],
    ['of messages', 'message A { option nope = 1; }', '20: no such option: nope'],
    ['of fields', 'message A { int32 x = 1 [nope = 1]; }', '26: no such option: nope'],
    ['of oneofs', 'message A { oneof o { option nope = 1; int32 x = 1; } }', '30: no such option: nope'],
    ['of enums', 'enum E { option nope = 1; A = 0; }', '17: no such option: nope'],
    ['of values', 'enum E { A = 0 [nope = 1]; }', '17: no such option: nope'],
    ['of services', 'service S { option nope = 1; }', '20: no such option: nope'],
    ['of methods', 'message A {} service S { rpc D(A) returns (A) { option nope = 1; } }', '56: no such option: nope'],
    ['that no file declares', 'message A { int32 x = 1 [(nope) = 1]; }', '26: no such option: (nope)'],
    [
      'of a file that another one imports',
      'import "options-through.proto"; message A { int32 x = 1 [(no) = 1]; }',
      '58: (no) is of options.proto, which is not imported',
    ],
    [
      'of others',
      'import "options.proto"; message A { option (no) = 1; }',
      '44: (no) is an option of google.protobuf.FieldOptions, not of google.protobuf.MessageOptions',
    ],
    ['of editions', 'option features.field_presence = IMPLICIT;', '8: only editions have features'],
    ['within options', withOption('(note).nope = 1'), '57: Note has no field nope'],
    ['within messages', withOption('(note) = { a: 1 nope: 3 }'), '66: Note has no field nope'],
    ['within numbers', withOption('(no).a = 1'), '50: (no).a is no option: it is set within what is no message'],
    ['within lists', withOption('(note).notes.a = 1'), '50: a part of (note).notes.a has many values'],
  ]
  refuses('proto3', unknown)
  refuses('proto2', [['those of ranges', 'message A { extensions 4 [nope = 1]; }', '27: no such option: nope']])

  refuses('proto3', [
    ['numbers for truth', withOption('deprecated = 3'), '63: deprecated cannot be that: true or false is expected'],
    ['text for truth', withOption('deprecated = "true"'), '63: deprecated cannot be that: true or false is expected'],
    ['names for text', 'option java_package = foo;', '23: java_package cannot be that: a text in quotes is expected'],
    ['names that an enum does not have', 'option optimize_for = NOPE;', '23: OptimizeMode has no value NOPE'],
    ['numbers for enums', withOption('(kind) = 1'), '59: (kind) cannot be that: a value of Kind is expected'],
    ['text for numbers', withOption('(no) = "x"'), '57: (no) cannot be that: an integer of the type int32 is expected'],
    ['less than 0 without a sign', withOption('(big) = -1'), '58: (big) cannot be that: an integer of the type uint64'],
    ['numbers for messages', withOption('(note) = 1'), '59: (note) cannot be that: a message in braces is expected'],
    ['messages for numbers', withOption('(no) = { a: 1 }'), '57: (no) cannot be that: an integer of the type int32'],
    ['lists for one value', withOption('(note) = { a: [1, 2] }'), '64: a has one value, not a list'],
    ['two of one value', withOption('(note) = { a: 1 a: 2 }'), '66: a is set already'],
    [
      'two of a oneof',
      withOption('(note) = { one: 1 two: 2 }'),
      '68: one is set already, of which and two there can be one',
    ],
    ['what is set twice', withOption('(no) = 1, (no) = 2'), '60: (no) is set already'],
    ['a part that is set twice', withOption('(note).a = 1, (note).a = 2'), '64: (note).a is set already'],
    ['a whole behind a part', withOption('(note).a = 1, (note) = { b: "x" }'), '64: (note) is set already'],
  ])

  it.each([
    '(numbers) = 1, (numbers) = 2',
    '(note).a = 1, (note).b = "x"',
    '(note) = { a: 1 }, (note).b = "x"',
    '(note) = { a: 1, b: "x" "y"; list: [1, 2] list: 3 notes { a: 1 } notes: [{ a: 2 }] m: { key: "k" value: 1 } }',
    '(note) = { Inner { yes: t } [more]: "x" }',
    '(note).(more) = "x"',
    '(note) = { /* 😀 < */ b: "<😀>" notes < a: 1 notes: < a: 2 > > }',
    '(.kind) = SMALL, (big) = 18446744073709551615, (real) = -inf, (yes) = true',
    'deprecated = true, json_name = "y", packed = false',
  ])('takes %s', (option) => {
    expect(read(withOption(option)).messages).toContain('A')
  })
})
