import { Registry } from 'prom-client'
import type { Method } from 'tierkit/endpoint'
import { Code, type RpcError } from 'tierkit/error'
import { standard, validate } from 'tierkit/middleware'
import { bindings, implement, parseProto } from 'tierkit/service'
import { createFakeClock } from 'tierkit/testing'
import { describe, expect, it } from 'vitest'
import { bundledCodec } from '../../src/codec/protobuf/bundled/bundled-root.js'
import { callOnce, collect, serveOnce, streamOf } from '../observability/fixture.js'

const shop = parseProto(`syntax = "proto3";
  package shop.v1;
  import "buf/validate/validate.proto";
  import "google/protobuf/timestamp.proto";
  message Order {
    string customer_id = 1 [(buf.validate.field).string.min_len = 1];
    repeated Item items = 2 [(buf.validate.field).repeated.min_items = 1];
    map<string, int64> prices = 3 [(buf.validate.field).map.values.int64.gte = 0];
    google.protobuf.Timestamp placed_at = 4 [(buf.validate.field).timestamp.lt_now = true];
  }
  message Item { int32 quantity = 1 [(buf.validate.field).int32.gt = 0]; }
  message Empty {}
  message Broken { int32 v = 1 [(buf.validate.field).string.len = 1]; }
  message Failing { repeated int32 v = 1 [(buf.validate.field).cel = { id: "first", expression: "this[0] > 0" }]; }
  service Orders {
    rpc Place(Order) returns (Empty);
    rpc PlaceAll(stream Order) returns (Empty);
    rpc Ping(Empty) returns (Order);
    rpc Break(Broken) returns (Empty);
    rpc Fail(Failing) returns (Empty);
  }`).service('shop.v1.Orders')

const nothing = async () => ({})
const methodNamed = (name: string): Method =>
  Object.values(shop.methods).find((method) => method.name === name) as Method
const good = { customerId: 'ada', items: [{ quantity: 1 }], prices: {} }
const bad = { customerId: '', items: [{ quantity: 1 }, { quantity: 0 }], prices: { 'a b': -1n } }

interface FieldViolation {
  readonly field: string
  readonly description: string
  readonly reason: string
}

const badRequest = bundledCodec<{ fieldViolations: FieldViolation[] }>('google.rpc.BadRequest')
// biome-ignore lint/suspicious/noExplicitAny: read as JSON
const violations = bundledCodec<any>('buf.validate.Violations')
const detail = (error: unknown, type: string) =>
  (error as RpcError).details.find((one) => one.type === type)?.value as Uint8Array

describe('validate, by the contract', () => {
  it('lets requests through that comply', async () => {
    const { response } = await serveOnce(validate(), async (seen) => seen, {
      method: methodNamed('Place'),
      request: good,
    })
    expect(response).toBe(good)
  })

  it('refuses others, and names fields as the contract does and rules by their ids', async () => {
    const { error } = await serveOnce(validate(), async () => 1, { method: methodNamed('Place'), request: bad })
    expect(error).toMatchObject({
      code: Code.INVALID_ARGUMENT,
      reason: 'INVALID_REQUEST',
      rawMessage: 'invalid request: customer_id: must be at least 1 character (and 2 more)',
    })
    expect(badRequest.decode(detail(error, 'google.rpc.BadRequest')).fieldViolations).toMatchObject([
      { field: 'customer_id', description: 'must be at least 1 character', reason: 'string.min_len' },
      { field: 'items[1].quantity', description: 'must be greater than 0', reason: 'int32.gt' },
      { field: 'prices["a b"]', description: 'must be greater than or equal to 0', reason: 'int64.gte' },
    ])
  })

  it('says the same to clients of protovalidate', async () => {
    const { error } = await serveOnce(validate(), async () => 1, { method: methodNamed('Place'), request: bad })
    const json = violations.toJson(violations.decode(detail(error, 'buf.validate.Violations')))
    expect(json).toMatchObject({
      violations: [
        {
          field: { elements: [{ fieldNumber: 1, fieldName: 'customer_id', fieldType: 9 }] },
          rule: {
            elements: [
              { fieldNumber: 14, fieldName: 'string', fieldType: 11 },
              { fieldNumber: 2, fieldName: 'min_len', fieldType: 4 },
            ],
          },
          ruleId: 'string.min_len',
        },
        {
          field: {
            elements: [
              { fieldNumber: 2, fieldName: 'items', fieldType: 11, index: '1' },
              { fieldNumber: 1, fieldName: 'quantity', fieldType: 5 },
            ],
          },
          ruleId: 'int32.gt',
        },
        {
          field: {
            elements: [
              { fieldNumber: 3, fieldName: 'prices', fieldType: 11, keyType: 9, valueType: 3, stringKey: 'a b' },
            ],
          },
          rule: {
            elements: [{ fieldName: 'map' }, { fieldName: 'values' }, { fieldName: 'int64' }, { fieldName: 'gte' }],
          },
          ruleId: 'int64.gte',
        },
      ],
    })
  })

  it('says no more than fits into trailers', async () => {
    const prices = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${index}${'€'.repeat(500)}`, -1n]))
    const request = { ...good, prices }
    const { error } = await serveOnce(validate(), async () => 1, { method: methodNamed('Place'), request })
    const bytes = (error as RpcError).details.reduce((sum, { value }) => sum + value.length, 0)
    expect(bytes).toBeLessThan(8192 * 0.75)
    expect(violations.decode(detail(error, 'buf.validate.Violations')).violations.length).toBeGreaterThan(0)
  })

  it('checks each message of a stream, when it is read', async () => {
    const handler = async (requests: unknown) => {
      for await (const message of requests as AsyncIterable<unknown>) seen.push(message)
    }
    const seen: unknown[] = []
    const { error } = await serveOnce(validate(), handler, {
      method: methodNamed('PlaceAll'),
      request: streamOf(good, bad, good),
    })
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT })
    expect(seen).toEqual([good])
  })

  it('takes the time from the clock of the call', async () => {
    const call = (nowMs: number) =>
      serveOnce(validate(), async () => 1, {
        method: methodNamed('Place'),
        request: { ...good, placedAt: { seconds: 100n, nanos: 0 } },
        clock: createFakeClock(nowMs),
      })
    expect((await call(100_000)).error).toBeUndefined()
    expect((await call(99_999)).error).toMatchObject({
      rawMessage: 'invalid request: placed_at: must be less than now',
    })
  })

  it('is nothing for methods whose requests have no rules, and leaves responses alone', async () => {
    const request = {}
    const next = async (seen: unknown) => seen
    const { response } = await serveOnce(validate(), next, { method: methodNamed('Ping'), request })
    expect(response).toBe(request)
    const answer = await serveOnce(validate(), async () => streamOf(bad), { method: methodNamed('Ping') })
    expect(await collect(answer.response)).toEqual([bad])
  })

  it('applies beside rules that are given, and first', async () => {
    const rules = validate({ Place: () => [{ field: 'x', description: 'never' }] })
    const call = (request: unknown) => serveOnce(rules, async () => 1, { method: methodNamed('Place'), request })
    expect((await call(bad)).error).toMatchObject({ rawMessage: expect.stringContaining('customer_id') })
    expect((await call(good)).error).toMatchObject({ rawMessage: 'invalid request: x: never' })
  })

  it('keeps a client from sending what is wrong', async () => {
    const { error } = await callOnce(validate(), async () => 1, { method: methodNamed('Place'), request: {} })
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, neverSent: true })
  })

  it('keeps a server from starting with rules that cannot be applied', () => {
    const handlers = { place: nothing, placeAll: nothing, ping: nothing, break: nothing, fail: nothing }
    const service = implement(shop, handlers as never)
    const wrong = /messages of type shop\.v1\.Broken cannot be validated:\n- shop\.v1\.Broken\.v: /
    expect(() => bindings([service], validate())).toThrow(wrong)
    expect(() => bindings([service], ...standard({ registry: new Registry() }))).toThrow(wrong)
    expect(bindings([service], ...standard({ registry: new Registry(), validate: false }))).toHaveLength(5)
  })

  it('never passes over rules that cannot be applied', async () => {
    const middleware = validate()
    let handled = false
    const handler = async () => {
      handled = true
    }
    for (let call = 0; call < 2; call++) {
      const { error } = await serveOnce(middleware, handler, { method: methodNamed('Break') })
      expect(String((error as Error).cause ?? error)).toContain(
        'shop.v1.Broken.v: (buf.validate.field).string is for other types',
      )
    }
    expect(handled).toBe(false)
  })

  it('fails, and not the request, where an expression does', async () => {
    const { error } = await serveOnce(validate(), async () => 1, { method: methodNamed('Fail'), request: { v: [] } })
    expect(error).toMatchObject({ code: Code.INTERNAL })
    expect((error as RpcError).rawMessage).toContain('cannot validate a shop.v1.Failing: the expression of first fails')
  })
})
