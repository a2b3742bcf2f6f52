import { describe, expect, it } from 'vitest'
import { protoFile } from '../../../src/codec/protobuf-file.js'
import { messageValidator } from '../../../src/codec/validate/validator.js'
import { parseProto } from '../../../src/service/proto.js'
import { checkerOf } from './fixture.js'

const RULE = '[(buf.validate.field).int32.gt = 0]'

describe('rules of messages', () => {
  it('checks messages in messages, lists and maps, and names the way to them', () => {
    const check = checkerOf(`
      message M { Item one = 1; repeated Item many = 2; map<string, Item> by_name = 3; }
      message Item { int32 unit_price = 1 ${RULE}; }`)
    const good = { unitPrice: 1 }
    expect(check({ one: good, many: [good], byName: { a: good } })).toEqual([])
    expect(check({})).toEqual([])
    expect(check({ one: {}, many: [good, {}], byName: { 'x y': { unitPrice: -1 } } })).toEqual([
      'one.unit_price int32.gt',
      'many[1].unit_price int32.gt',
      'by_name["x y"].unit_price int32.gt',
    ])
  })

  it('checks types that are in themselves', () => {
    const check = checkerOf(
      `message M { int32 v = 1 ${RULE}; M left = 2; repeated Other others = 3; } message Other { M back = 1; }`,
    )
    expect(check({ v: 1, left: { v: 1 }, others: [{}, { back: { v: 2 } }] })).toEqual([])
    expect(check({ v: 1, left: { v: 1, left: { v: 0 } }, others: [{ back: {} }] })).toEqual([
      'left.left.v int32.gt',
      'others[0].back.v int32.gt',
    ])
  })

  it('leaves out what is to be ignored always, the messages in it too', () => {
    const check = checkerOf(`
      message M {
        Item one = 1 [(buf.validate.field).ignore = IGNORE_ALWAYS];
        repeated Item many = 2 [(buf.validate.field).repeated.items.ignore = IGNORE_ALWAYS];
        oneof choice { Item item = 3 [(buf.validate.field).ignore = IGNORE_ALWAYS]; }
      }
      message Item { int32 v = 1 ${RULE}; }`)
    expect(check({ one: {}, many: [{}], choice: { case: 'item', value: {} } })).toEqual([])
  })

  it('checks the case of a oneof that is set, and that one is if it has to be', () => {
    const check = checkerOf(`message M {
      oneof choice {
        option (buf.validate.oneof).required = true;
        int32 number = 1 ${RULE};
        string text = 2 [(buf.validate.field).string.min_len = 1];
        M more = 3;
      }
    }`)
    expect(check({ choice: { case: 'number', value: 1 } })).toEqual([])
    expect(check({ choice: { case: 'number', value: 0 } })).toEqual(['number int32.gt'])
    expect(check({ choice: { case: 'text', value: '' } })).toEqual(['text string.min_len'])
    expect(check({ choice: { case: 'more', value: {} } })).toEqual(['more.choice required'])
    expect(check({})).toEqual(['choice required'])
  })

  it('refuses other cases where one is required', () => {
    const check = checkerOf(
      `message M { oneof choice { string a = 1 [(buf.validate.field).required = true]; string b = 2; } }`,
    )
    expect(check({ choice: { case: 'a', value: '' } })).toEqual([])
    expect(check({ choice: { case: 'b', value: '' } })).toEqual(['a required'])
    expect(check({})).toEqual(['a required'])
  })

  it('allows one of several fields, whose rules then count for what is set', () => {
    const check = checkerOf(`message M {
      option (buf.validate.message).oneof = { fields: ["a", "b_list"], required: true };
      option (buf.validate.message).oneof = { fields: ["c", "d"] };
      string a = 1 [(buf.validate.field).string.min_len = 3];
      repeated string b_list = 2;
      int32 c = 3;
      oneof choice { int32 d = 4; }
    }`)
    expect(check({ a: 'abc' })).toEqual([])
    expect(check({ bList: ['x'], choice: { case: 'd', value: 0 } })).toEqual([])
    expect(check({ a: 'a' })).toEqual(['a string.min_len'])
    expect(check({})).toEqual(['message.oneof'])
    expect(check({ a: 'abc', bList: ['x'], c: 1, choice: { case: 'd', value: 0 } })).toEqual([
      'message.oneof',
      'message.oneof',
    ])
  })

  it('leaves out fields of proto2 that are not set, whatever their default', () => {
    const contract = parseProto(`syntax = "proto2"; package test.v1; import "buf/validate/validate.proto";
      message M { optional int32 v = 1 [default = -1, (buf.validate.field).int32.gt = 0]; }`)
    const validator = messageValidator(contract.codec('test.v1.M').schema as never)
    expect(validator?.({}, { now: () => 0 })).toBeUndefined()
    expect(validator?.({ v: 0 }, { now: () => 0 })).toHaveLength(1)
  })

  it('looks for no more than can be said', () => {
    const check = checkerOf('message M { repeated int32 v = 1 [(buf.validate.field).repeated.items.int32.gt = 0]; }')
    expect(check({ v: Array(100_000).fill(0) }).length).toBeLessThan(50)
  })

  it('is not there for types without rules, whatever they hold', () => {
    const contract = parseProto(`syntax = "proto3"; package test.v1; import "google/protobuf/struct.proto";
      message M { M m = 1; google.protobuf.Struct s = 2; string v = 3 [deprecated = true]; }`)
    expect(messageValidator(contract.codec('test.v1.M').schema as never)).toBeUndefined()
  })

  it('is the same for types of generated code', () => {
    const file = protoFile({
      name: 'test/v1/test.proto',
      package: 'test.v1',
      imports: [],
      types: () => ({
        M: {
          options: { '(buf.validate.message)': { cel: [{ id: 'a', expression: "this.v != 'no'" }] } },
          fields: {
            v: { type: 'string', id: 1, options: { '(buf.validate.field)': { string: { min_len: 1, max_len: 5 } } } },
            d: { type: 'double', id: 2, options: { '(buf.validate.field)': { double: { lt: 'inf' } } } },
            w: { type: 'int32', id: 3, options: { '(buf.validate.field).int32.gt': 0 } },
            c: { type: 'int32', id: 4 },
          },
          oneofs: { o: { oneof: ['c'], options: { '(buf.validate.oneof)': { required: true } } } },
        },
      }),
    })
    const validator = messageValidator(file.codec('test.v1.M').schema as never)
    const ids = (message: object) => validator?.(message, { now: () => 0 })?.map(({ id }) => id) ?? []
    expect(ids({ v: 'yes', w: 1, d: 1, o: { case: 'c', value: 0 } })).toEqual([])
    expect(ids({ v: 'no', d: Infinity })).toEqual(['a', 'double.lt', 'int32.gt', 'required'])
    expect(ids({ v: 'longer', w: 1, o: { case: 'c', value: 0 } })).toEqual(['string.max_len'])
  })

  it('is compiled once', () => {
    const contract = parseProto(`syntax = "proto3"; package test.v1; import "buf/validate/validate.proto";
      message M { int32 v = 1 ${RULE}; }`)
    const { schema } = contract.codec('test.v1.M')
    expect(messageValidator(schema as never)).toBe(messageValidator(schema as never))
  })
})

describe('rules that cannot be applied', () => {
  it.each([
    [
      'int32 v = 1 [(buf.validate.field).string.min_len = 1];',
      'test.v1.M.v: (buf.validate.field).string is for other types: use int32',
    ],
    ['repeated string v = 1 [(buf.validate.field).string.min_len = 1];', 'use repeated'],
    ['M v = 1 [(buf.validate.field).string.min_len = 1];', 'a message has no rules but its own'],
    ['repeated string v = 1 [(buf.validate.field).repeated.items.int32.gt = 1];', '(buf.validate.field).int32'],
    [
      'string v = 1 [(buf.validate.field).string = {min_len: 3, max_len: 2}];',
      'min_len is 3, which is more than max_len, 2',
    ],
    ['repeated M v = 1 [(buf.validate.field).repeated.unique = true];', 'unique is for lists of scalars'],
    [
      'string v = 1 [(buf.validate.field).string.pattern = "a(?=b)"];',
      'string.pattern is no pattern of RE2, "a(?=b)": a group starts with ?',
    ],
    [
      'option (buf.validate.message).oneof = { fields: ["w"] }; string v = 1;',
      'test.v1.M: (buf.validate.message).oneof names w',
    ],
    ['option (buf.validate.message).oneof = { fields: ["v", "v"] }; string v = 1;', 'names v twice'],
    ['option (buf.validate.message).oneof = { required: true }; string v = 1;', 'names no fields'],
  ])('%s', (declaration, problem) => {
    const check = () => checkerOf(`message M { ${declaration} }`)
    expect(check).toThrow(TypeError)
    expect(check).toThrow(problem)
  })

  it.each([
    ['string', { string: { min_length: 1 } }, '(buf.validate.field).string.min_length is no rule'],
    ['string', { strin: { min_len: 1 } }, '(buf.validate.field).strin is no rule'],
    ['string', { string: { min_len: -1 } }, 'takes a value of type uint64, not -1'],
    ['string', { string: { min_len: 'a' } }, 'takes a value of type uint64, not "a"'],
    ['string', { string: { email: true, uuid: true } }, 'may have email or uuid, not both'],
    ['int32', { int32: { lt: 1, lte: 2 } }, 'may have lt or lte, not both'],
    ['int32', { int32: { const: 3_000_000_000 } }, 'takes a value of type int32'],
    ['int64', { int64: { const: '9223372036854775808' } }, 'takes a value of type int64'],
    ['string', { ignore: 'IGNORE_EMPTY' }, 'takes a value of buf.validate.Ignore'],
    ['string', { string: { '[acme.v1.none]': true } }, 'there is no rule (acme.v1.none) for string'],
  ])('of code are told too: %s with %j', (type, rules, problem) => {
    const { schema } = parseProto(`syntax = "proto3"; package test.v1; message M { ${type} v = 1; }`).codec('test.v1.M')
    const members = schema?.members.map((member) => ({ ...member, options: { '(buf.validate.field)': rules } }))
    const check = () => messageValidator({ ...schema, members } as never)
    expect(check).toThrow(TypeError)
    expect(check).toThrow(problem)
  })

  it('are told at their place where a file has them', () => {
    const check = () => checkerOf('message M { string v = 1 [(buf.validate.field).string.min_length = 1]; }')
    expect(check).toThrow('contract.proto:10:55: buf.validate.StringRules has no field min_length')
  })

  it('are named all at once, those of other messages too', () => {
    const check = () =>
      checkerOf(`
        message M { int32 v = 1 [(buf.validate.field).string.len = 1]; Item item = 2; }
        message Item { int32 w = 1 [(buf.validate.field).bool.const = true]; }`)
    expect(check).toThrow(
      /messages of type test\.v1\.M cannot be validated:\n- test\.v1\.Item\.w: .*\n- test\.v1\.M\.v: /,
    )
  })

  it('stay wrong when they are asked for again', () => {
    const contract = parseProto(`syntax = "proto3"; package test.v1; import "buf/validate/validate.proto";
      message M { int32 v = 1 [(buf.validate.field).string.len = 1]; M m = 2; }`)
    const { schema } = contract.codec('test.v1.M')
    for (let again = 0; again < 2; again++) expect(() => messageValidator(schema as never)).toThrow(TypeError)
  })
})
