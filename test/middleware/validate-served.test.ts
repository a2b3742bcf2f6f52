import { createApp, serve } from 'tierkit/app'
import { closeClient, createClient } from 'tierkit/client'
import { Code, type RpcError } from 'tierkit/error'
import { validate } from 'tierkit/middleware'
import { implement, parseProto } from 'tierkit/service'
import { expect, it, onTestFinished } from 'vitest'
import { bundledCodec } from '../../src/codec/protobuf/bundled/bundled-root.js'
import { silent } from '../app/fake-parts.js'

const contract = (rule: string) =>
  parseProto(`syntax = "proto3"; package test.v1; import "buf/validate/validate.proto";
    message Item { int32 quantity = 1 [(buf.validate.field).${rule}]; }
    message Order { repeated Item items = 1; }
    service Orders { rpc Place(Order) returns (Order); }`).service('test.v1.Orders')

const appOf = (definition: ReturnType<typeof contract>) =>
  createApp({
    name: 'orders',
    services: [implement(definition, { place: async (order: unknown) => order } as never)],
    servers: [serve({ host: '127.0.0.1' })],
    middleware: [validate()],
    admin: false,
    logger: silent,
    stop: { propagationDelayMs: 0 },
  })

const badRequest = bundledCodec<{ fieldViolations: object[] }>('google.rpc.BadRequest')
const violation = { field: 'items[1].quantity', description: 'must be greater than 0', reason: 'int32.gt' }
const order = { items: [{ quantity: 1 }, { quantity: 0 }] }

it('what is wrong with a request reaches clients of gRPC and of HTTP alike', async () => {
  const definition = contract('int32.gt = 0')
  const app = appOf(definition)
  onTestFinished(() => app.stop())
  await app.start()
  const { urls = [] } = app.addresses?.servers[0] ?? {}
  expect(urls).toHaveLength(2)
  for (const target of urls) {
    const client = createClient(definition, { target, middleware: [] })
    onTestFinished(() => closeClient(client))
    const place = client.place as (request: unknown) => Promise<unknown>
    const error = (await place(order).catch((thrown: unknown) => thrown)) as RpcError
    expect(error).toMatchObject({ code: Code.INVALID_ARGUMENT, reason: 'INVALID_REQUEST' })
    const details = new Map(error.details.map(({ type, value }) => [type, value]))
    expect([...details.keys()]).toEqual(expect.arrayContaining(['google.rpc.BadRequest', 'buf.validate.Violations']))
    const { fieldViolations } = badRequest.decode(details.get('google.rpc.BadRequest') as Uint8Array)
    expect(fieldViolations).toMatchObject([violation])
  }
})

it('what is wrong with a request can be read in JSON', async () => {
  const app = appOf(contract('int32.gt = 0'))
  onTestFinished(() => app.stop())
  await app.start()
  const base = app.addresses?.servers[0]?.urls?.find((url) => url.startsWith('http'))
  const headers = { 'content-type': 'application/json' }
  const response = await fetch(`${base}/test.v1.Orders/Place`, { method: 'POST', headers, body: JSON.stringify(order) })
  expect(response.status).toBe(400)
  const { details } = (await response.json()) as { details: { '@type': string }[] }
  const named = (type: string) => details.find((detail) => detail['@type'].endsWith(`/${type}`))
  expect(named('google.rpc.BadRequest')).toMatchObject({ fieldViolations: [violation] })
  expect(named('buf.validate.Violations')).toMatchObject({ violations: [{ ruleId: 'int32.gt' }] })
})

it('an app with rules that cannot be applied does not start', async () => {
  const start = async () => appOf(contract('string.min_len = 1')).start()
  await expect(start()).rejects.toThrow(
    'test.v1.Item.quantity: (buf.validate.field).string is for other types: use int32',
  )
})
