import { parseProto } from 'tierkit/service'
import { describe, expect, it } from 'vitest'

const wrong = Uint8Array.of(0x61, 0xff)
const field = (no: number, value: Uint8Array): Uint8Array => Uint8Array.of((no << 3) | 2, value.length, ...value)
const entry = (no: number): Uint8Array => field(no, Uint8Array.of(...field(1, wrong), ...field(2, wrong)))

const EDITION = `edition = "2023"; package u.v1;
option features.utf8_validation = NONE;
message M {
  string lax = 1;
  string strict = 2 [features.utf8_validation = VERIFY];
  repeated string laxes = 3;
  map<string, string> lax_map = 4;
  oneof one { string lax_case = 5; string strict_case = 6 [features.utf8_validation = VERIFY]; }
  map<string, string> strict_map = 7 [features.utf8_validation = VERIFY];
  message Inner { string lax = 1; }
  Inner inner = 8;
}`

describe('bytes of a string that are no UTF-8', () => {
  it.each([
    ['proto2', 'syntax = "proto2"; package u.v1; message M { optional string text = 1; }', 'a\ufffd'],
    ['edition 2023, with utf8_validation = NONE', EDITION.replace('string lax = 1', 'string text = 1'), 'a\ufffd'],
  ])('become replacement characters in %s', (_, source, text) => {
    const codec = parseProto(source).codec<{ text: string }>('u.v1.M')
    expect(codec.decode(field(1, wrong)).text).toBe(text)
  })

  it.each([
    ['proto3', 'syntax = "proto3"; package u.v1; message M { string text = 1; }'],
    ['edition 2023', 'edition = "2023"; package u.v1; message M { string text = 1; }'],
  ])('are refused in %s', (_, source) => {
    const codec = parseProto(source).codec('u.v1.M')
    expect(() => codec.decode(field(1, wrong))).toThrow('cannot decode u.v1.M')
  })

  it('are as the feature of the field or of the file has it: in lists, maps, oneofs and nested messages too', () => {
    const codec = parseProto(EDITION).codec('u.v1.M')
    const lax = Uint8Array.of(
      ...field(1, wrong),
      ...field(3, wrong),
      ...entry(4),
      ...field(5, wrong),
      ...field(8, field(1, wrong)),
    )
    expect(codec.decode(lax)).toMatchObject({
      lax: 'a\ufffd',
      laxes: ['a\ufffd'],
      laxMap: { 'a\ufffd': 'a\ufffd' },
      one: { case: 'laxCase', value: 'a\ufffd' },
      inner: { lax: 'a\ufffd' },
    })
    for (const strict of [field(2, wrong), field(6, wrong), entry(7)]) {
      expect(() => codec.decode(strict)).toThrow('cannot decode u.v1.M')
    }
  })

  it('cannot be written, whatever the feature is: a lone surrogate is no text', () => {
    const codec = parseProto(EDITION).codec('u.v1.M')
    expect(() => codec.encode({ lax: '\ud800' })).toThrow(/lax/)
  })
})
