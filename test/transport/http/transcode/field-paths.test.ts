import { BadRequest, findDetail } from 'tierkit/codec'
import { Context, type Method } from 'tierkit/endpoint'
import { RpcError } from 'tierkit/error'
import { validate } from 'tierkit/middleware'
import { bindings, implement, parseProto } from 'tierkit/service'
import { httpChannel, httpServer } from 'tierkit/transport/http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const contract = parseProto(`syntax = "proto3"; package paths.v1;
  import "buf/validate/validate.proto"; import "google/api/annotations.proto"; import "google/protobuf/struct.proto";
  message Line { int32 unit_price = 1 [(buf.validate.field).int32.gte = 0]; repeated string tag_names = 2; }
  message Order {
    int32 page_size = 1 [(buf.validate.field).int32.lte = 9];
    repeated Line order_lines = 2;
    map<string, Line> by_name = 3;
    map<int32, bool> is_open = 4 [(buf.validate.field).map.keys.int32.gt = 0];
    map<bool, int32> both_ways = 5;
    map<string, int32> unit_counts = 6 [(buf.validate.field).map.values.int32.gte = 0];
    Line first_line = 7;
    google.protobuf.Struct free_form = 8;
    oneof contact_point { option (buf.validate.oneof).required = true; string e_mail = 9; string phone_number = 10; }
    map<string, google.protobuf.Value> any_json = 11;
  }
  service Orders {
    rpc Place(Order) returns (Order) { option (google.api.http) = {
      post: "/orders" body: "*"
      additional_bindings { get: "/orders" }
      additional_bindings { get: "/orders/{pageSize}" }
      additional_bindings { put: "/orders" body: "first_line" }
    }; }
  }`)
const Orders = contract.service('paths.v1.Orders')
const method = Orders.methods.place as Method

const server = httpServer({ host: '127.0.0.1' })
let url = ''
beforeAll(async () => {
  const service = implement(Orders, { place: (request: object) => request } as never)
  url = (await server.listen(bindings([service], validate()))).url
})
afterAll(() => server.close())

async function fieldsOf(path: string, init: RequestInit): Promise<readonly string[]> {
  const response = await fetch(url + path, init)
  const json = (await response.json()) as { readonly details: readonly Record<string, unknown>[] }
  expect(response.status).toBe(400)
  const detail = json.details.find((one) => String(one['@type']).endsWith('google.rpc.BadRequest'))
  return ((detail?.fieldViolations ?? []) as { readonly field: string }[]).map(({ field }) => field)
}

function post(body: unknown, headers: Readonly<Record<string, string>> = {}): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json', ...headers } }
}

/** What is wrong in JSON as such, and where. */
const misfits: readonly (readonly [json: object, field: string])[] = [
  [{ pageSize: 'x' }, 'page_size'],
  [{ page_size: 'x' }, 'page_size'],
  [{ orderLines: [{}, { unitPrice: 'x' }] }, 'order_lines[1].unit_price'],
  [{ orderLines: [{ tagNames: ['a', 1] }] }, 'order_lines[0].tag_names[1]'],
  [{ byName: { 'a b': { unitPrice: 'x' } } }, 'by_name["a b"].unit_price'],
  [{ byName: { a: { unitPrice: 'x' } } }, 'by_name["a"].unit_price'],
  [{ isOpen: { 5: 'x' } }, 'is_open[5]'],
  [{ isOpen: { five: true } }, 'is_open["five"]'],
  [{ bothWays: { true: 'x' } }, 'both_ways[true]'],
  [{ unitCounts: { 7: 'x' } }, 'unit_counts["7"]'],
  [{ firstLine: { nope: 1 } }, 'first_line.nope'],
  [{ pageSize: 1, page_size: 1 }, 'page_size'],
  [{ eMail: 'a', phoneNumber: 'b' }, 'phone_number'],
]

describe('the field that is named as wrong is that of the contract', () => {
  it.each(misfits)('in a body of JSON: %j is %s', async (json, field) => {
    expect(await fieldsOf('/orders', post(json))).toEqual([field])
  })

  it.each(misfits)('in Connect: %j is %s', async (json, field) => {
    const init = post(json, { 'connect-protocol-version': '1' })
    const response = await fetch(`${url}${method.path}`, init)
    const { details } = (await response.json()) as { readonly details: readonly { readonly value: string }[] }
    const fields = details.map(({ value }) => BadRequest.decode(Buffer.from(value, 'base64')).fieldViolations)
    expect([response.status, fields[0]?.map((one) => one.field)]).toEqual([400, [field]])
  })

  it.each([
    ['pageSize=x', 'page_size'],
    ['page_size=x', 'page_size'],
    ['pageSize=1&page_size=2', 'page_size'],
    ['firstLine.unitPrice=x', 'first_line.unit_price'],
    ['first_line.nope=x', 'first_line.nope'],
    ['firstLine.nope=x', 'first_line.nope'],
    ['firstLine=x', 'first_line'],
    ['isOpen[5]=x', 'is_open[5]'],
    ['isOpen[five]=true', 'is_open["five"]'],
    ['bothWays[true]=x', 'both_ways[true]'],
    ['unitCounts[7]=x', 'unit_counts["7"]'],
    ['unitCounts[7]=1&unitCounts[7]=2', 'unit_counts["7"]'],
    ['byName[a]=x', 'by_name["a"]'],
    ['pageSize[1]=x', 'page_size["1"]'],
    ['noSuch=x', 'noSuch'],
  ])('in a query: %s is %s', async (query, field) => {
    expect(await fieldsOf(`/orders?${query}`, {})).toEqual([field])
  })

  it.each([
    ['x', 'page_size'],
    ['%zz', 'page_size'],
  ])('in a path: %s is %s', async (segment, field) => {
    expect(await fieldsOf(`/orders/${segment}`, {})).toEqual([field])
  })

  it('in a body that is one field', async () => {
    const init = { ...post({ unitPrice: 'x' }), method: 'PUT' }
    expect(await fieldsOf('/orders', init)).toEqual(['first_line.unit_price'])
  })

  it.each([
    ['pageSize', 'x', 'page_size'],
    ['firstLine.unitPrice', 'x', 'first_line.unit_price'],
    ['firstLine.tagNames.x', 'x', 'first_line.tag_names.x'],
    ['firstLine', 'x', 'first_line'],
    ['nope', 'x', 'nope'],
  ])('in a form: %s=%s is %s', async (name, value, field) => {
    const body = new FormData()
    body.append(name, value)
    expect(await fieldsOf('/orders', { method: 'POST', body })).toEqual([field])
  })

  it('in a form, of a part that is there twice, and of one that is no text', async () => {
    const twice = new FormData()
    twice.append('pageSize', '1')
    twice.append('page_size', '1')
    expect(await fieldsOf('/orders', { method: 'POST', body: twice })).toEqual(['page_size'])
    const head = 'Content-Disposition: form-data; name="firstLine.tagNames"'
    const body = Buffer.concat([
      Buffer.from(`--b\r\n${head}\r\n\r\n`),
      Buffer.from([0xff]),
      Buffer.from('\r\n--b--\r\n'),
    ])
    const headers = { 'content-type': 'multipart/form-data; boundary=b' }
    expect(await fieldsOf('/orders', { method: 'POST', body, headers })).toEqual(['first_line.tag_names'])
  })

  it.each([
    [{ pageSize: 10 }, 'page_size'],
    [{ orderLines: [{}, { unitPrice: -1 }] }, 'order_lines[1].unit_price'],
    [{ byName: { 'a b': { unitPrice: -1 } } }, 'by_name["a b"].unit_price'],
    [{ isOpen: { '-5': true } }, 'is_open[-5]'],
    [{ unitCounts: { 7: -1 } }, 'unit_counts["7"]'],
    [{ eMail: undefined }, 'contact_point'],
  ])('in what validation finds: %j is %s', async (json, field) => {
    expect(await fieldsOf('/orders', post({ eMail: 'a', ...json }))).toEqual([field])
  })

  it.each([
    [{ orderLines: [{ unitPrice: 1 }] }, 'order_lines'],
    [{ byName: { a: {} } }, 'by_name'],
    [{ freeForm: { fields: { a: { kind: { case: 'numberValue', value: 1 } } } } }, 'free_form'],
  ])('in what a client cannot write by a rule: %j is %s', async (request, field) => {
    const get = { ...method, http: method.http.filter((rule) => rule.method === 'GET' && !rule.path.includes('{')) }
    const channel = httpChannel(url, { rules: true })
    const context = new Context({ method: get as Method, side: 'client' })
    const calling: Promise<unknown> = channel.endpoint(get as Method)(request, context)
    const error = RpcError.from(await calling.catch((thrown: unknown) => thrown))
    expect(findDetail(error, BadRequest)?.fieldViolations.map((one) => one.field)).toEqual([field])
    await channel.close()
  })
})
