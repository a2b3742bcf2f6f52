import { describe, expect, it } from 'vitest'
import { checkerOf, fieldChecker } from './fixture.js'

const message = (expression: string, fields: string) =>
  checkerOf(
    `message M { option (buf.validate.message).cel = { id: "rule", expression: ${JSON.stringify(expression)} }; ${fields} }`,
  )
const field = (type: string, expression: string) =>
  fieldChecker(type, `cel = { id: "rule", expression: ${JSON.stringify(expression)} }`)

describe('expressions', () => {
  it.each<[type: string, expression: string, good: unknown, bad: unknown]>([
    ['int32', 'this > 5', 6, 5],
    ['uint32', 'this == 5', 5, 4],
    ['uint64', 'this % 2u == 0u', 4n, 3n],
    ['int64', 'this in [1, 2]', 2n, 3n],
    ['double', '!this.isNan() && !this.isInf()', 1, NaN],
    ['float', 'this.isInf(1)', Infinity, -Infinity],
    ['bool', 'this', true, false],
    ['string', 'this.isEmail() || this.isUri()', 'a@b', 'a'],
    ['string', 'this.isHostname()', 'a.b', 'a_'],
    ['string', 'this.isIp(4)', '1.2.3.4', '::1'],
    ['string', 'this.isIpPrefix(4, true)', '10.0.0.0/8', '10.0.0.1/8'],
    ['string', 'this.isHostAndPort(false)', 'a', 'a:b'],
    ['string', 'this.isUriRef()', './a', ' '],
    ['string', 'this.size() == 1', '😀', 'ab'],
    ['string', 'this.matches("^(a|b)+$")', 'abba', 'abc'],
    ['string', '"this.matches(" != this', 'a', 'this.matches('],
    [
      'bytes',
      'this.startsWith(b"a") && this.endsWith(b"c") && this.contains(b"b")',
      Buffer.from('abc'),
      Buffer.from('acb'),
    ],
    ['string', 'matches(this, "^a+$") && "matches(x)" != this', 'aa', 'ab'],
    ['uint32', 'int(this) - 5 < 0', 4, 5],
    ['google.protobuf.Timestamp', 'int(this) == -1', { seconds: -1n, nanos: 5_000_000 }, { seconds: 0n, nanos: 0 }],
    [
      'google.protobuf.Timestamp',
      "string(timestamp(this)) == '1970-01-01T00:00:01.500Z'",
      { seconds: 1n, nanos: 500_000_000 },
      { seconds: 1n },
    ],
    [
      'google.protobuf.Duration',
      "string(duration(this)) == '-1.5s'",
      { seconds: -1n, nanos: -500_000_000 },
      { seconds: 1n },
    ],
    ['google.protobuf.Duration', "'%s'.format([this]) == '0.000000001s'", { seconds: 0n, nanos: 1 }, { seconds: 1n }],
    ['Color', 'this == 1', 1, 2],
    ['repeated int32', 'this.all(x, x > 0) && this.unique()', [1, 2], [1, 1]],
    ['repeated string', 'this.map(x, size(x)) == [1, 2]', ['a', 'bb'], ['bb', 'a']],
    ['map<string, int32>', 'this.all(k, this[k] > 0)', { a: 1 }, { a: 0 }],
    ['google.protobuf.Duration', 'this > duration("1s")', { seconds: 2n }, { seconds: 1n, nanos: 0 }],
    ['google.protobuf.Timestamp', 'this < now - duration("1h")', { seconds: 0n }, { seconds: 1_767_323_045n }],
    ['google.protobuf.Int32Value', 'this > 1', { value: 2 }, { value: 1 }],
  ])('of a field of type %s: %s', (type, expression, good, bad) => {
    const check = field(type, expression)
    expect(check(good)).toEqual([])
    expect(check(bad)).toEqual(['rule'])
  })

  it.each<[expression: string, fields: string, good: unknown, bad: unknown]>([
    ['this.from_id < this.to_id', 'int32 from_id = 1; int32 to_id = 2;', { fromId: 1, toId: 2 }, {}],
    ['has(this.a) || has(this.b)', 'string a = 1; optional string b = 2;', { b: '' }, { a: '' }],
    ['!has(this.m) || this.m.v > 0', 'M m = 1; int32 v = 2;', {}, { m: {} }],
    ['this.m.m.v == 0', 'M m = 1; int32 v = 2;', {}, { m: { m: { v: 1 } } }],
    [
      'has(this.a) ? this.a != "x" : this.b == 2',
      'oneof o { string a = 1; int32 b = 2; }',
      { o: { case: 'b', value: 2 } },
      { o: { case: 'a', value: 'x' } },
    ],
    ['this.w == null || this.w == "a"', 'google.protobuf.StringValue w = 1;', {}, { w: { value: 'b' } }],
    [
      'this.items.size() == 0 || this.items.exists(i, i.v == 1)',
      'repeated M items = 1; int32 v = 2;',
      { items: [{ v: 1 }] },
      { items: [{}] },
    ],
    ['this.a == "" ? "a is empty" : ""', 'string a = 1;', { a: 'b' }, {}],
  ])('of a message: %s', (expression, fields, good, bad) => {
    const check = message(expression, fields)
    expect(check(good)).toEqual([])
    expect(check(bad)).toContain('rule')
  })

  it('are their own id in the short form', () => {
    expect(fieldChecker('int32', 'cel_expression = "this > 42"')(1)).toEqual(['this > 42'])
    expect(
      checkerOf('message M { option (buf.validate.message).cel_expression = "this.v > 42"; int32 v = 1; }')({}),
    ).toEqual(['this.v > 42'])
  })

  it('may stand beside standard rules, in items and more than once', () => {
    const check = checkerOf(`message M { repeated string v = 1 [
      (buf.validate.field).repeated.items = { string: { min_len: 2 } cel: { id: "a", expression: "this != 'x'" } cel: { id: "b", expression: "this != 'y'" } },
      (buf.validate.field).cel = { id: "whole", message: "few", expression: "this.size() < 3" }
    ]; }`)
    expect(check({ v: ['ab', 'x', 'y'] })).toEqual([
      'v whole',
      'v[1] a',
      'v[1] string.min_len',
      'v[2] b',
      'v[2] string.min_len',
    ])
  })

  it('may be declared as rules of a contract, with what they are set to', () => {
    const check = checkerOf(`
      extend buf.validate.Int32Rules {
        int32 multiple_of = 80001 [(buf.validate.predefined).cel = { id: "int32.multiple_of" expression: "this % rule == 0" }];
      }
      extend buf.validate.StringRules {
        repeated string words = 80002 [(buf.validate.predefined).cel = { id: "string.words" expression: "this in rule || has(rules.min_len)" }];
      }
      message M {
        int32 a = 1 [(buf.validate.field).int32.(multiple_of) = 3, (buf.validate.field).int32.gt = 0];
        int32 b = 2 [(buf.validate.field).int32 = { [test.v1.multiple_of]: 2 }];
        string c = 3 [(buf.validate.field).string.(test.v1.words) = "x"];
      }`)
    expect(check({ a: 3, b: 2, c: 'x' })).toEqual([])
    expect(check({ a: 4, b: 3, c: 'y' })).toEqual(['a int32.multiple_of', 'b int32.multiple_of', 'c string.words'])
  })

  it.each([
    ['int32', 'this.nope()', 'the expression of rule cannot be used'],
    ['int32', 'this >', 'the expression of rule cannot be used'],
    ['int32', 'this + 1', 'it is a int, and neither bool nor string'],
    ['int32', 'unknown > this', 'Unknown variable: unknown'],
    ['string', 'this > 5', 'no such overload'],
    ['int32', '', 'it is empty'],
  ])('that cannot be used are refused when they are compiled: %s with %j', (type, expression, problem) =>
    expect(() => field(type, expression)).toThrow(problem),
  )

  it('that name a field there is not are refused when they are compiled', () =>
    expect(() => message('this.nope == 1', 'int32 v = 1;')).toThrow('test.v1.M: the expression of rule cannot be used'))

  it('that fail do not let a message pass', () =>
    expect(() => field('repeated int32', 'this[0] > 0')([])).toThrow('the expression of rule fails'))
})
