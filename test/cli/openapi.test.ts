import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../generate/fixtures.js'
import { run } from './run.js'

const shop = `syntax = "proto3"; package shop.v1;
import "google/api/annotations.proto";
message Order { string order_id = 1; }
service Orders {
  rpc GetOrder(Order) returns (Order) { option (google.api.http) = { get: "/v1/orders/{order_id}" }; }
  rpc Chat(stream Order) returns (stream Order);
}`

describe('tierkit openapi', () => {
  it('prints the document of files and folders, and what is left out for people', async () => {
    const folder = folderWith({ 'shop/v1/shop.proto': shop })
    const ran = await run(['openapi', folder, '--title', 'Shop', '--version', '2.0.0', '--server', 'https://a.example'])
    expect(ran).toMatchObject({
      code: 0,
      err: 'shop.v1.Orders.Chat is left out: what streams both ways is no plain HTTP request\n',
    })
    expect(JSON.parse(ran.out)).toMatchObject({
      openapi: '3.1.0',
      info: { title: 'Shop', version: '2.0.0' },
      servers: [{ url: 'https://a.example' }],
      paths: { '/v1/orders/{orderId}': { get: { operationId: 'Orders_GetOrder' } } },
    })
  })

  it('writes it to a file, and prints its path', async () => {
    const folder = folderWith({ 'shop.proto': shop })
    const out = join(folder, 'docs/openapi.json')
    expect(await run(['openapi', join(folder, 'shop.proto'), '--out', out])).toMatchObject({ code: 0, out: `${out}\n` })
    const printed = await run(['openapi', join(folder, 'shop.proto')])
    expect(readFileSync(out, 'utf8')).toBe(printed.out)
  })

  it('takes descriptor sets, and code', async () => {
    const set = fileURLToPath(new URL('../generate/descriptors/acme.binpb', import.meta.url))
    const fromSet = await run(['openapi', '--descriptor-set', set])
    expect(fromSet.code).toBe(0)
    expect(Object.keys(JSON.parse(fromSet.out).paths).length).toBeGreaterThan(0)
    const module = fileURLToPath(new URL('../../examples/greeter/contract.ts', import.meta.url))
    const fromCode = await run(['openapi', '--from', module])
    expect(fromCode.code).toBe(0)
    expect(fromCode.out).toContain('"operationId": "Greeter_')
  })

  it('has paths and errors as it is told', async () => {
    const folder = folderWith({ 'shop.proto': shop })
    const ran = await run(['openapi', folder, '--method-paths', 'all', '--error-body', 'rfc9457'])
    expect(Object.keys(JSON.parse(ran.out).paths)).toEqual(['/shop.v1.Orders/GetOrder', '/v1/orders/{orderId}'])
    expect(ran.out).toContain('application/problem+json')
  })

  it('refuses what it does not know, and tells where a contract is wrong', async () => {
    const folder = folderWith({ 'a.proto': '\nmessage A {', 'b.proto': 'syntax = "proto3"; message B {}' })
    expect(await run(['openapi'])).toMatchObject({ code: 64 })
    expect(await run(['openapi', folder, '--error-body', 'x'])).toEqual({
      code: 64,
      out: '',
      err: 'tierkit: --error-body is status, aip193, rfc9457, kratos, not "x"\n',
    })
    expect(await run(['openapi', join(folder, 'a.proto')])).toEqual({
      code: 1,
      out: '',
      err: `${join(folder, 'a.proto')}:2:12: unexpected end of the file\n`,
    })
    expect((await run(['openapi', join(folder, 'b.proto')])).err).toBe('tierkit: there is no service in it\n')
  })

  it('says who may call: by one of the usual ways, or all that a file says', async () => {
    const folder = folderWith({
      'shop.proto': shop,
      'security.json': JSON.stringify({
        schemes: {
          login: {
            type: 'oauth2',
            flows: { clientCredentials: { tokenUrl: 'https://login.example/token', scopes: { orders: 'Orders' } } },
          },
        },
        require: [{ login: ['orders'] }],
      }),
    })
    const ways = ['jwt', 'api-key:X-API-Key', 'api-key:cookie:sid', 'openid:https://a.example/oidc', 'basic', 'mtls']
    const given = [...ways, join(folder, 'security.json')].flatMap((way) => ['--security', way])
    const ran = await run(['openapi', join(folder, 'shop.proto'), ...given, '--open', 'shop.v1.Orders.GetOrder'])
    expect(ran.code).toBe(0)
    expect(JSON.parse(ran.out)).toMatchObject({
      security: [
        { bearer: [] },
        { 'apiKey-X-API-Key': [] },
        { 'apiKey-sid': [] },
        { openId: [] },
        { basic: [] },
        { mtls: [] },
        { login: ['orders'] },
      ],
      components: {
        securitySchemes: {
          bearer: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
          'apiKey-X-API-Key': { type: 'apiKey', in: 'header', name: 'X-API-Key' },
          'apiKey-sid': { type: 'apiKey', in: 'cookie', name: 'sid' },
          openId: { type: 'openIdConnect', openIdConnectUrl: 'https://a.example/oidc' },
          basic: { type: 'http', scheme: 'basic' },
          mtls: { type: 'mutualTLS' },
          login: { type: 'oauth2' },
        },
      },
      paths: { '/v1/orders/{orderId}': { get: { security: [] } } },
    })
  })

  it.each([
    ['magic', '--security is bearer, jwt, basic, mtls, api-key:HEADER, openid:URL, a .json file, not "magic"'],
    ['{"a":1}', 'security.schemes must be an object'],
    ['{"schemes":{}}', 'security.schemes is empty'],
    ['[', /JSON/],
    ['{"schemes":{"a b":{"type":"http","scheme":"bearer"}}}', 'the name "a b" must be letters, digits, . _ or -'],
    [
      '{"schemes":{"a":{"type":"jwt"}}}',
      'security.schemes.a.type must be apiKey, http, mutualTLS, oauth2, openIdConnect, not "jwt"',
    ],
    ['{"schemes":{"a":{"type":"http"}}}', 'security.schemes.a.scheme must be a text'],
    [
      '{"schemes":{"a":{"type":"apiKey","name":"k","in":"body"}}}',
      'security.schemes.a.in must be query, header, cookie, not "body"',
    ],
    [
      '{"schemes":{"a":{"type":"oauth2","flows":{"password":{"scopes":{}}}}}}',
      'security.schemes.a.flows.password.tokenUrl must be a text',
    ],
    ['{"schemes":{"a":{"type":"mutualTLS"}},"require":[{"b":[]}]}', 'security.require[0] must be of a, not "b"'],
  ])('refuses security that makes no sense: %s', async (given, message) => {
    const folder = folderWith({ 'shop.proto': shop, 'security.json': given })
    const way = given === 'magic' ? given : join(folder, 'security.json')
    const ran = await run(['openapi', join(folder, 'shop.proto'), '--security', way])
    expect(ran).toMatchObject({ code: 64, out: '', err: expect.stringMatching(/^tierkit: --security /) })
    expect(ran.err).toMatch(message)
  })

  it('says what of its options cannot be', async () => {
    const folder = folderWith({ 'shop.proto': shop })
    const lone = await run(['openapi', folder, '--open', 'shop.v1.Orders'])
    expect(lone).toMatchObject({ code: 64, err: 'tierkit: --open says who is let in without: --security is missing\n' })
    const twice = await run(['openapi', folder, '--security', 'jwt', '--security', 'bearer'])
    expect(twice).toMatchObject({ code: 64, err: 'tierkit: --security bearer: there is another scheme named bearer\n' })
    const missing = await run(['openapi', folder, '--security', 'jwt', '--open', 'shop.v1.Order'])
    expect(missing.err).toContain('security.open: there is no method or service shop.v1.Order\n')
    expect((await run(['openapi', folder, '--security', 'absent.json'])).err).toContain(
      '--security absent.json: ENOENT',
    )
  })
})
