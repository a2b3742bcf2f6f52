import { createClient, implement, serve } from 'tierkit'
import { closeClient } from 'tierkit/client'
import { findDetail, Help, LocalizedMessage, packDetail, QuotaFailure } from 'tierkit/codec'
import { Code, type ErrorReasons, RpcError } from 'tierkit/error'
import { bindings, parseProto } from 'tierkit/service'
import { describe, expect, it, onTestFinished } from 'vitest'

const source = (reasons: string) => `
  syntax = "proto3";
  package shop.v1;
  import "tierkit/options.proto";
  import "errors/errors.proto";
  ${reasons}
  message Empty {}
  service Orders { rpc Place(Empty) returns (Empty); }`

const own = `enum OrderError {
  option (tierkit.error_domain) = "orders.example.com";
  ORDER_ERROR_UNSPECIFIED = 0;
  ORDER_NOT_FOUND = 1 [(tierkit.error) = { code: NOT_FOUND message: "no such order" }];
  ORDER_INVALID = 2 [(tierkit.error).code = INVALID_ARGUMENT, (tierkit.error).http_status = 422];
}`

const kratos = `enum ErrorReason {
  option (errors.default_code) = 500;
  GREETER_UNSPECIFIED = 0;
  USER_NOT_FOUND = 1 [(errors.code) = 404];
  CONTENT_MISSING = 2 [(errors.code) = 422];
  CONFLICT_FOUND = 3 [(errors.code) = 409];
}`

/** What errors come to, by reason. */
function facts(errors: ErrorReasons) {
  return Object.fromEntries(
    Object.entries(errors).map(([reason, make]) => {
      const { code, domain, rawMessage, metadata } = make()
      return [reason, [code, domain, rawMessage, metadata.http_status]]
    }),
  )
}

describe('the errors of a contract', () => {
  it('are those whose values say so', () => {
    expect(facts(parseProto(source(own)).errors('shop.v1.OrderError'))).toEqual({
      ORDER_NOT_FOUND: [Code.NOT_FOUND, 'orders.example.com', 'no such order', undefined],
      ORDER_INVALID: [Code.INVALID_ARGUMENT, 'orders.example.com', 'order invalid', '422'],
    })
  })

  it('are those of Kratos, by its options', () => {
    expect(facts(parseProto(source(kratos)).errors('shop.v1.ErrorReason'))).toEqual({
      GREETER_UNSPECIFIED: [Code.INTERNAL, 'shop.v1', 'greeter unspecified', '500'],
      USER_NOT_FOUND: [Code.NOT_FOUND, 'shop.v1', 'user not found', '404'],
      CONTENT_MISSING: [Code.INVALID_ARGUMENT, 'shop.v1', 'content missing', '422'],
      CONFLICT_FOUND: [Code.ABORTED, 'shop.v1', 'conflict found', '409'],
    })
  })

  it.each([
    ['a status that no error has', 'A_B = 0 [(errors.code) = 200];', /A_B: 200 is not the HTTP status of an error/],
    [
      'a code that is none',
      'A_B = 0 [(tierkit.error) = { code: OK }];',
      /A_B: \(tierkit\.error\) needs the code of an error/,
    ],
    [
      'a name that is no reason',
      'A_B = 0; notFound = 1 [(errors.code) = 404];',
      /"notFound" is not a reason like ORDER_NOT_FOUND/,
    ],
    ['no code', 'A_B = 0 [(tierkit.error) = { message: "x" }];', /A_B: \(tierkit\.error\) needs the code of an error/],
  ])('are refused for %s, with the place', (_, value, problem) => {
    const parse = () => parseProto(source(`enum E {\n${value}\n}`))
    expect(parse).toThrow(problem)
    expect(parse).toThrow(/contract\.proto:\d+:\d+/)
  })

  it('are asked for where there are some', () => {
    const contract = parseProto(source('enum Plain { NONE = 0; }'))
    expect(() => contract.errors('shop.v1.Plain')).toThrow('the enum shop.v1.Plain names no errors')
    expect(() => contract.errors('shop.v1.Gone')).toThrow('the contract has no enum "shop.v1.Gone"')
  })
})

describe('an error with details', () => {
  const contract = parseProto(source(own))
  const Orders = contract.service('shop.v1.Orders')
  const { ORDER_INVALID } = contract.errors('shop.v1.OrderError')

  async function failing(error: () => Error) {
    const server = serve({ host: '127.0.0.1' })
    const service = implement(Orders, {
      place: () => {
        throw error()
      },
    })
    const { urls = [] } = await server.listen(bindings([service]))
    onTestFinished(() => server.close())
    const failure = async (target: string): Promise<RpcError> => {
      const client = createClient(Orders, { target, middleware: [] })
      onTestFinished(() => closeClient(client))
      return RpcError.from(await Promise.resolve(client.place?.({})).catch((thrown: unknown) => thrown))
    }
    return { grpc: () => failure(urls[0] ?? ''), http: () => failure(urls[1] ?? ''), url: urls[1] ?? '' }
  }

  it.each(['grpc', 'http'] as const)('arrives over %s as it was thrown, but for what is internal', async (way) => {
    const calls = await failing(
      () =>
        ORDER_INVALID?.('no items', {
          internal: 'secret',
          metadata: { orderId: '7' },
          details: [
            packDetail(Help, { links: [{ description: 'rules', url: 'https://example.com' }] }),
            packDetail(QuotaFailure, { violations: [{ subject: 'user:7', quotaValue: 2n ** 40n }] }),
            packDetail(LocalizedMessage, { locale: 'de', message: 'leer' }),
          ],
        }) ?? new Error('no reason'),
    )
    const error = await calls[way]()
    expect(ORDER_INVALID?.is(error)).toBe(true)
    expect([error.code, error.rawMessage, error.internal]).toEqual([Code.INVALID_ARGUMENT, 'no items', undefined])
    expect(error.metadata).toEqual({ orderId: '7', http_status: '422' })
    expect(findDetail(error, Help)?.links).toEqual([{ description: 'rules', url: 'https://example.com' }])
    expect(findDetail(error, QuotaFailure)?.violations[0]).toMatchObject({ subject: 'user:7', quotaValue: 2n ** 40n })
    expect(findDetail(error, LocalizedMessage)).toEqual({ locale: 'de', message: 'leer' })
  })

  it('has its own HTTP status', async () => {
    const { url } = await failing(() => ORDER_INVALID?.() ?? new Error('no reason'))
    const response = await fetch(`${url}/shop.v1.Orders/Place`, {
      method: 'POST',
      body: '{}',
      headers: { 'content-type': 'application/json' },
    })
    expect(response.status).toBe(422)
    expect(JSON.stringify(await response.json())).not.toContain('secret')
  })

  it('is found nothing in that cannot be read', () => {
    const details = [{ type: 'google.rpc.Help', value: new Uint8Array([10, 200]) }]
    const error = new RpcError(Code.INTERNAL, 'x', { details })
    expect([findDetail(error, Help), findDetail(error, QuotaFailure)]).toEqual([undefined, undefined])
  })
})
