import { expect, it } from 'vitest'
import { violationsDetail } from '../../../src/codec/detail/violations.js'
import { bundledCodec } from '../../../src/codec/protobuf/bundled/bundled-root.js'
import { messageValidator } from '../../../src/codec/validate/validator.js'
import { parseProto } from '../../../src/service/proto.js'
import { NOW_MS } from './fixture.js'

it('name fields and rules as their declarations do: groups, and rules of the contract itself', () => {
  const contract = parseProto(`syntax = "proto2";
    package test.v1;
    import "buf/validate/validate.proto";
    extend buf.validate.StringRules {
      optional bool is_sku = 80001 [(buf.validate.predefined).cel = { id: "sku" message: "no sku" expression: "this.size() == 3" }];
    }
    message M {
      optional group Item = 1 { repeated string sku = 2 [(buf.validate.field).repeated.items.string.(is_sku) = true]; }
    }`)
  const validator = messageValidator(contract.codec('test.v1.M').schema as never)
  const found = validator?.({ item: { sku: ['abc', 'abcd'] } }, { now: () => NOW_MS }) ?? []
  const detail = bundledCodec('buf.validate.Violations')
  expect(detail.toJson(detail.decode(violationsDetail(found).value))).toEqual({
    violations: [
      {
        field: {
          elements: [
            { fieldNumber: 1, fieldName: 'item', fieldType: 10 },
            { fieldNumber: 2, fieldName: 'sku', fieldType: 9, index: '1' },
          ],
        },
        rule: {
          elements: [
            { fieldNumber: 18, fieldName: 'repeated', fieldType: 11 },
            { fieldNumber: 4, fieldName: 'items', fieldType: 11 },
            { fieldNumber: 14, fieldName: 'string', fieldType: 11 },
            { fieldNumber: 80001, fieldName: '[test.v1.is_sku]', fieldType: 8 },
          ],
        },
        ruleId: 'sku',
        message: 'no sku',
      },
    ],
  })
})
