import {
  BadRequest,
  DebugInfo,
  decodeStatus,
  errorFromStatus,
  Help,
  LocalizedMessage,
  PreconditionFailure,
  packDetail,
  QuotaFailure,
  RequestInfo,
  ResourceInfo,
  retryInfo,
} from 'tierkit/codec'
import { Context, type Method } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { bindings, implement, parseProto } from 'tierkit/service'
import { grpcChannel, grpcServer } from 'tierkit/transport/grpc'
import { grpcJsChannel, grpcJsServer } from 'tierkit/transport/grpc-js'
import { httpChannel, httpServer } from 'tierkit/transport/http'
import { describe, expect, it, onTestFinished } from 'vitest'

const contract = parseProto(`syntax = "proto3"; package err.v1; import "google/api/annotations.proto";
  message Text { string text = 1; } message Own { string note = 1; int64 count = 2; }
  service Fail {
    rpc Once(Text) returns (Text) { option (google.api.http) = { post: "/once" body: "*" }; }
    rpc Many(Text) returns (stream Text) { option (google.api.http) = { post: "/many" body: "*" }; }
  }`)
const Fail = contract.service('err.v1.Fail')

const details = [
  packDetail(BadRequest, {
    fieldViolations: [
      { field: 'a["ü"][0]', description: 'd', reason: 'R', localizedMessage: { locale: 'de', message: 'nö' } },
    ],
  }),
  retryInfo(1500),
  packDetail(DebugInfo, { stackEntries: ['a', ''], detail: '\n' }),
  packDetail(QuotaFailure, {
    violations: [
      {
        subject: 's',
        description: 'd',
        apiService: 'a',
        quotaMetric: 'm',
        quotaId: 'i',
        quotaDimensions: { a: 'b', __proto__x: 'c' },
        quotaValue: 2n ** 62n,
        futureQuotaValue: 0n,
      },
    ],
  }),
  packDetail(PreconditionFailure, { violations: [{ type: 't', subject: 's', description: '"' }] }),
  packDetail(RequestInfo, { requestId: 'r', servingData: '😀' }),
  packDetail(ResourceInfo, { resourceType: 't', resourceName: 'n', owner: 'o', description: 'd' }),
  packDetail(Help, { links: [{ description: 'd', url: 'https://x/?a=b&c#d' }] }),
  packDetail(LocalizedMessage, { locale: 'en-US', message: 'm' }),
  packDetail(contract.codec('err.v1.Own'), { note: 'n', count: 5n }),
  packDetail(contract.codec('err.v1.Own'), {}),
  { type: 'google.protobuf.StringValue', value: Buffer.from([10, 1, 97]) },
  { type: 'google.protobuf.Duration', value: Buffer.from([8, 1]) },
]
const thrown = new RpcError(Code.FAILED_PRECONDITION, 'not “yet”: 100 %\n\t😀', {
  reason: 'NOT_YET',
  domain: 'err.example.com',
  metadata: { id: '7', 'a b': 'ü', __proto__x: '1', empty: '' },
  details,
})
const plain = ({ code, rawMessage, reason, domain, metadata, details }: RpcError) => ({
  code,
  rawMessage,
  reason,
  domain,
  metadata,
  details: details.map(({ type, value }) => [type, Buffer.from(value).toString('hex')]),
})

const service = implement(Fail, {
  once: () => {
    throw thrown
  },
  many: async function* (request: { text: string }) {
    if (request.text !== '') yield request
    throw thrown
  },
} as never)

async function failure(channel: ReturnType<typeof httpChannel>, key: string, text: string): Promise<RpcError> {
  const method = Fail.methods[key] as Method
  onTestFinished(() => channel.close())
  try {
    const answer = await channel.endpoint(method)({ text }, new Context({ method, side: 'client' }))
    for await (const _ of answer as AsyncIterable<unknown>);
  } catch (error) {
    return RpcError.from(error)
  }
  throw new Error('it did not fail')
}

const calls = [
  ['once', ''],
  ['many', ''],
  ['many', 'x'],
] as const

describe('an error with all that it can carry comes back whole', () => {
  it.each([
    ['grpc', grpcServer, grpcChannel],
    ['grpc-js', grpcJsServer, grpcJsChannel],
    ['grpc to grpc-js', grpcJsServer, grpcChannel],
    ['http', httpServer, httpChannel],
  ] as const)('over %s', async (_, makeServer, makeChannel) => {
    const server = makeServer({ host: '127.0.0.1' })
    onTestFinished(() => server.close())
    const { url } = await server.listen(bindings([service]))
    for (const [key, text] of calls) expect(plain(await failure(makeChannel(url), key, text))).toEqual(plain(thrown))
  })

  it.each(['status', 'aip193', 'rfc9457', 'kratos'] as const)(
    'over HTTP in the shape %s, but what Kratos lacks',
    async (errorBody) => {
      const server = httpServer({ host: '127.0.0.1', errorBody })
      onTestFinished(() => server.close())
      const { url } = await server.listen(bindings([service]))
      const { rawMessage, reason, metadata } = thrown
      const kratos = { code: Code.INVALID_ARGUMENT, rawMessage, reason, metadata, domain: undefined, details: [] }
      for (const rules of [true, false])
        for (const [key, text] of calls) {
          const whole = errorBody !== 'kratos' || text !== ''
          expect(plain(await failure(httpChannel(url, { rules }), key, text))).toEqual(whole ? plain(thrown) : kratos)
        }
    },
  )

  it('over Connect and gRPC-Web', async () => {
    const server = httpServer({ host: '127.0.0.1' })
    onTestFinished(() => server.close())
    const { url } = await server.listen(bindings([service]))
    const connect = await fetch(`${url}/err.v1.Fail/Once`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'connect-protocol-version': '1' },
      body: '{}',
    })
    const json = (await connect.json()) as { code: string; message: string; details: { type: string; value: string }[] }
    expect(json.details.slice(1).map((one) => [one.type, Buffer.from(one.value, 'base64').toString('hex')])).toEqual(
      plain(thrown).details,
    )
    expect([connect.status, json.code, json.message, json.details[0]?.type]).toEqual([
      400,
      'failed_precondition',
      thrown.rawMessage,
      'google.rpc.ErrorInfo',
    ])
    const web = await fetch(`${url}/err.v1.Fail/Once`, {
      method: 'POST',
      headers: { 'content-type': 'application/grpc-web+proto' },
      body: Buffer.alloc(5),
    })
    const trailers = Buffer.from(await web.arrayBuffer())
      .subarray(5)
      .toString('latin1')
    const bin =
      web.headers.get('grpc-status-details-bin') ?? /grpc-status-details-bin: (.*)\r\n/.exec(trailers)?.[1] ?? ''
    const status = decodeStatus(Buffer.from(bin, 'base64'))
    expect(status && plain(errorFromStatus(status))).toEqual(plain(thrown))
  })

  it.each(['status', 'aip193', 'rfc9457', 'kratos'] as const)(
    'in the shape %s, where its reason is among the details',
    async (errorBody) => {
      const server = httpServer({ host: '127.0.0.1', errorBody })
      onTestFinished(() => server.close())
      const { url } = await server.listen(bindings([implement(Fail, { once: fail, many: fail } as never)]))
      const domain = errorBody === 'kratos' ? undefined : 'd'
      expect(plain(await failure(httpChannel(url), 'once', ''))).toMatchObject({
        reason: 'WHY',
        domain,
        metadata: { a: 'b' },
      })
      const { text } = await fetch(`${url}/once`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      }).then(async (response) => ({ text: await response.text() }))
      expect(text.split('WHY').length).toBe(2)
    },
  )
})

/** Fails as code does that writes its details itself. */
function fail(): never {
  const codec = parseProto(
    'syntax = "proto3"; import "google/rpc/error_details.proto"; message M { google.rpc.ErrorInfo i = 1; }',
  ).codec('google.rpc.ErrorInfo')
  throw new RpcError(Code.NOT_FOUND, 'm', {
    details: [packDetail(codec, { reason: 'WHY', domain: 'd', metadata: { a: 'b' } })],
  })
}
