import { parseProto } from 'tierkit/service'
import { describe, expect, it } from 'vitest'

type Cases = [title: string, source: string, problem: string][]

function refuses(edition: 'proto2' | 'proto3', cases: Cases): void {
  it.each(cases)('refuses %s', (_, source, problem) => {
    expect(() => parseProto(`syntax = "${edition}";\n${source}`, { name: 'a.proto' })).toThrow(`a.proto:2:${problem}`)
  })
}

function takes(edition: 'proto2' | 'proto3', cases: [title: string, source: string][]): void {
  it.each(cases)('takes %s', (_, source) => {
    expect(parseProto(`syntax = "${edition}";\n${source}`, { name: 'a.proto' }).messages).toContain('A')
  })
}

describe('the text of a file', () => {
  it.each([
    ['syntax = "proto4";', '1:10: syntax proto4 is not supported: proto2 and proto3 are'],
    ['syntax = 3;', "1:10: illegal token '3', a text in quotes expected"],
    ['message A {}\nsyntax = "proto3";', "2:1: illegal token 'syntax'"],
    ['\noption java_package = "a', '2:23: the text between quotes does not end in its line'],
    ['\n /* abc', '2:2: the comment does not end'],
    ['message A { optional int32 x = 1a; }', "1:32: illegal token '1a'"],
    ['message A { int32 x = 1; }', "1:13: illegal token 'int32', 'optional', 'required' or 'repeated' expected"],
    ['message A { optional group g = 1 {} }', '1:28: the name of the group g must begin with a capital letter'],
    ['package a;\npackage b;', "2:1: illegal token 'package'"],
    ['message A {'.repeat(40), '1:363: more than 32 blocks are in each other'],
  ])('says where it cannot be read: %s', (source, problem) => {
    expect(() => parseProto(source, { name: 'a.proto' })).toThrow(`a.proto:${problem}`)
  })

  refuses('proto3', [
    ['a required field', 'message A { required int32 x = 1; }', '13: proto3 has no required fields'],
    ['a group', 'message A { optional group G = 1 {} }', '22: proto3 has no groups'],
    [
      'a label in a oneof',
      'message A { oneof o { optional int32 x = 1; } }',
      '23: a field of a oneof cannot be optional',
    ],
    ['a repeated map', 'message A { repeated map<int32, int32> m = 1; }', '13: a map cannot be repeated'],
    ['a map in a oneof', 'message A { oneof o { map<int32, int32> m = 1; } }', '23: a map cannot be in a oneof'],
    ['options that are none', 'message A { int32 x = 1 []; }', "26: illegal token ']', a name expected"],
    [
      'names that are reserved without quotes',
      'message A { reserved x; }',
      "22: illegal token 'x', a number or a name in quotes",
    ],
  ])
})

describe('names', () => {
  refuses('proto3', [
    ['values of one name in a scope', 'enum A { X = 0; } enum B { X = 0; }', "28: duplicate name 'X'"],
    ['a oneof named like its field', 'message A { oneof x { int32 x = 1; } }', "29: duplicate name 'x' in A"],
    ['a type named like a field', 'message A { message x {} int32 x = 1; }', "32: duplicate name 'x' in A"],
    [
      'a method twice',
      'message A {} service S { rpc D(A) returns (A); rpc D(A) returns (A); }',
      "52: duplicate name 'D' in S",
    ],
    [
      'a map beside a message named like its entries',
      'message A { message MEntry {} map<int32, int32> m = 1; }',
      '49: the entries of map m are called MEntry, like a type in A',
    ],
    [
      'fields of one property',
      'message A { int32 foo_bar = 1; int32 fooBar = 2; }',
      '38: foo_bar and fooBar of A would both be the property fooBar: rename one of them',
    ],
    [
      'a field and a oneof of one property',
      'message A { int32 a_b = 1; oneof aB { int32 c = 2; } }',
      '34: a_b and aB of A would both be the property aB',
    ],
    [
      'a field named like an optional one with an underscore',
      'message A { optional int32 child = 1; int32 _child = 2; }',
      '45: _child of A stands for an optional field without the underscore: rename one of them',
    ],
    [
      'fields of one name in JSON',
      'message A { int32 foo_1 = 1; int32 foo1 = 2; }',
      '36: foo1 is foo1 in JSON, like foo_1',
    ],
    [
      'a chosen name in JSON that another field has',
      'message A { int32 a = 1; int32 b = 2 [json_name = "a"]; }',
      '51: b is a in JSON, like a',
    ],
  ])
  refuses('proto2', [
    [
      'two chosen names in JSON that are one',
      'message A { optional int32 a = 1 [json_name = "c"]; optional int32 b = 2 [json_name = "c"]; }',
      '87: b is c in JSON, like a',
    ],
  ])
  takes('proto2', [
    ['names that are one in JSON only', 'message A { optional int32 foo_1 = 1; optional int32 foo1 = 2; }'],
  ])

  it.each([
    ['message __proto__ {}', 9],
    ['enum __proto__ { Z = 0; }', 6],
    ['enum E { __proto__ = 0; }', 10],
    ['message A { message __proto__ {} __proto__ a = 1; }', 21],
    ['message A {} service __proto__ {}', 22],
    ['message A {} service S { rpc __proto__(A) returns (A); }', 30],
    ['package a.__proto__; message A {}', 9],
  ])('refuses __proto__ where objects have names as keys: %s', (source, column) => {
    const problem = `a.proto:2:${column}: __proto__ cannot be a name here: JavaScript has it for the prototypes of objects`
    expect(() => parseProto(`syntax = "proto3";\n${source}`, { name: 'a.proto' })).toThrow(problem)
  })
})

describe('numbers', () => {
  const range = 'is not a field number: they go from 1 to 536870911'
  refuses('proto3', [
    ['0', 'message A { int32 x = 0; }', `23: 0 ${range}`],
    ['less than 0', 'message A { int32 x = -1; }', `23: -1 ${range}`],
    ['more than there are', 'message A { int32 x = 536870912; }', `23: 536870912 ${range}`],
    ['those that protobuf keeps', 'message A { int32 x = 19000; }', `23: 19000 ${range}, without 19000 to 19999`],
    ['0 in a oneof', 'message A { oneof o { int32 x = 0; } }', `33: 0 ${range}`],
    ['one that is reserved', 'message A { reserved 1 to 4; int32 x = 2; }', '40: id 2 is reserved in A'],
    ['a name that is reserved', 'message A { reserved "x"; int32 x = 2; }', "33: name 'x' is reserved in A"],
    ['one that is reserved twice', 'message A { reserved 1 to 4, 3; }', '30: a number is reserved twice in A'],
    ['a name that is reserved twice', 'message A { reserved "x", "x"; }', "27: name 'x' is reserved twice in A"],
    ['0 to be reserved', 'message A { reserved 0; }', `22: 0 ${range}`],
    ['a range from its end', 'message A { reserved 4 to 1; }', '22: 4 to 1 ends before it begins'],
  ])
  refuses('proto2', [
    ['one for extensions', 'message A { extensions 4 to 6; optional int32 x = 5; }', '51: id 5 is for extensions of A'],
    [
      'one for extensions that is reserved',
      'message A { reserved 5; extensions 4 to 6; }',
      '36: a number for extensions of A is for',
    ],
    [
      'one for extensions twice',
      'message A { extensions 4 to 6, 6; }',
      '32: a number for extensions of A is for others too',
    ],
  ])
})

describe('enums', () => {
  refuses('proto3', [
    ['no values', 'enum E {}', '6: enum E has no values'],
    ['a first value that is not 0', 'enum E { A = 1; }', '14: the first value of enum E must be 0'],
    [
      'two values of one number',
      'enum E { A = 0; B = 0; }',
      '21: A has the number 0 too: only with "option allow_alias = true;" it may',
    ],
    [
      'allow_alias without aliases',
      'enum E { option allow_alias = true; A = 0; }',
      '6: enum E has allow_alias, but no two values',
    ],
    ['allow_alias of false', 'enum E { option allow_alias = false; A = 0; B = 0; }', '49: A has the number 0 too'],
    [
      'values that are alike',
      'enum Foo { FOO_A = 0; A = 1; }',
      '23: A and FOO_A are both A, without the name of the enum in front',
    ],
    ['values that are alike in another case', 'enum E { Z = 0; A_1B = 1; a1b = 2; }', '27: a1b and A_1B are both A1b'],
    ['numbers of more than 32 bits', 'enum E { A = 0; B = 2147483648; }', '21: 2147483648 is no number of an enum'],
    ['a number that is reserved', 'enum E { A = 0; B = 2; reserved 2; }', '21: id 2 is reserved in E'],
    ['a name that is reserved', 'enum E { A = 0; B = 2; reserved "B"; }', "17: name 'B' is reserved in E"],
  ])
  takes('proto2', [['values that are alike', 'enum Foo { FOO_A = 0; a = 1; } message A {}']])
  takes('proto3', [
    ['values that differ in where words begin', 'enum E { Z = 0; CHECKBOX = 1; CHECK_BOX = 2; } message A {}'],
    ['values that are alike and aliases', 'enum Foo { option allow_alias = true; FOO_B = 0; B = 0; } message A {}'],
  ])
})

describe('fields', () => {
  refuses('proto3', [
    ['a default', 'message A { int32 x = 1 [default = 3]; }', '26: proto3 has no defaults'],
    ['packed text', 'message A { repeated string x = 1 [packed = true]; }', '36: x cannot be packed: lists of numbers'],
    ['packed single values', 'message A { int32 x = 1 [packed = true]; }', '26: x cannot be packed'],
    [
      'keys of floats',
      'message A { map<float, int32> m = 1; }',
      '17: float cannot be the type of keys: integers, bool and string can',
    ],
    ['keys of bytes', 'message A { map<bytes, int32> m = 1; }', '17: bytes cannot be the type of keys'],
    ['keys of messages', 'message A { map<A, int32> m = 1; }', '17: A cannot be the type of keys'],
    ['a oneof without fields', 'message A { oneof o {} }', '19: oneof o has no fields'],
    [
      'a type in JavaScript of what is no long integer',
      'message A { int32 x = 1 [jstype = JS_STRING]; }',
      '26: jstype is for integers',
    ],
    ['ranges of extensions', 'message A { extensions 4; }', '24: proto3 has no ranges of extensions'],
    [
      'a file that is imported twice',
      'import "google/protobuf/any.proto"; import "google/protobuf/any.proto";',
      '44: import of google/protobuf/any.proto for the second time',
    ],
  ])
  refuses('proto2', [
    [
      'a default of a list',
      'message A { repeated int32 x = 1 [default = 1]; }',
      '35: x has many values: it can have no default',
    ],
    [
      'a map as an extension',
      'message A { extensions 4; } extend A { map<int32, int32> x = 4; }',
      '40: a map cannot be an extension',
    ],
    [
      'a required extension',
      'message A { extensions 4; } extend A { required int32 x = 4; }',
      '40: extension x cannot be required',
    ],
    [
      'an extension with a name in JSON',
      'message A { extensions 4; } extend A { optional int32 x = 4 [json_name = "y"]; }',
      '62: an extension cannot have a json_name',
    ],
  ])

  it('are all told that are wrong', () => {
    const source = 'syntax = "proto3";\nmessage A {\n int32 a = 0;\n oneof o {}\n int32 b = 0;\n}'
    expect(() => parseProto(source, { name: 'a.proto' })).toThrow(/^a.proto:3:12: .*\na.proto:4:8: .*\na.proto:5:12: /)
  })
})
