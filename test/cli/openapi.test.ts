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
})
