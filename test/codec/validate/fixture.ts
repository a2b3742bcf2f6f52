import { pathText } from '../../../src/codec/validate/finding.js'
import { messageValidator } from '../../../src/codec/validate/validator.js'
import { parseProto } from '../../../src/service/proto.js'

/** 2026-01-02T03:04:05Z. */
export const NOW_MS = 1_767_323_045_000

const HEAD = `syntax = "proto3";
package test.v1;
import "buf/validate/validate.proto";
import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";
enum Color { COLOR_UNSPECIFIED = 0; COLOR_RED = 1; COLOR_BLUE = 2; }
`

/** What is wrong with a message: `path id`, or `id` for the message as a whole; of the message `M` of a contract. */
export type Checker = (message: unknown) => string[]

/** The checker of the message `M` of a contract, whose usual imports and an enum `Color` are there. */
export function checkerOf(declarations: string): Checker {
  const validator = messageValidator(parseProto(HEAD + declarations).codec('test.v1.M').schema as never)
  return (message) =>
    (validator?.(message, { now: () => NOW_MS }) ?? []).map(({ path, id, forKey }) =>
      [pathText(path), ...(forKey ? ['key'] : []), id].filter((part) => part !== '').join(' '),
    )
}

/** What is wrong with a field `v` of a type with rules: `fieldChecker('string', 'string.min_len = 1')`. */
export function fieldChecker(type: string, rules: string): (value: unknown) => string[] {
  const options = rules.split('; ').map((rule) => `(buf.validate.field).${rule}`)
  const check = checkerOf(`message M { ${type} v = 1 [${options.join(', ')}]; }`)
  return (value) => check({ v: value }).map((found) => found.replace(/^v /, ''))
}
