import { Context, type Method } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { httpChannel } from 'tierkit/transport/http'
import { describe, expect, it } from 'vitest'
import { ask, callThrough, Library, library } from './library.js'

const REASON = {
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason: 'HTTP_ROUTE_NOT_FOUND',
  domain: 'tierkit',
}
const message = 'nothing is at GET /nothing'

describe('a path that no route has', () => {
  it.each([
    ['status', { code: Code.NOT_FOUND, message, details: [REASON] }],
    ['aip193', { error: { code: 404, status: 'NOT_FOUND', message, details: [REASON] } }],
    ['rfc9457', { status: 404, code: 'NOT_FOUND', detail: message, reason: REASON.reason, domain: REASON.domain }],
    ['kratos', { code: 404, reason: REASON.reason, message, metadata: {} }],
  ] as const)('is 404 and NOT_FOUND, and says that it is the route: %s', async (errorBody, expected) => {
    const { ask } = await library({ errorBody })
    const { status, json } = await ask('GET /nothing')
    expect([status, json]).toMatchObject([404, expected])
  })

  it.each(['status', 'aip193', 'rfc9457', 'kratos'] as const)(
    'is to a channel a method that is not there: %s',
    async (errorBody) => {
      const { url } = await library({ errorBody })
      const absent = { ...Library.methods.create, path: '/lib.v1.Library/Absent' } as Method
      const channel = httpChannel(url)
      const calling = channel.endpoint(absent)({}, new Context({ method: absent, side: 'client' }))
      await expect(calling).rejects.toMatchObject({ code: Code.UNIMPLEMENTED, reason: undefined })
      await channel.close()
    },
  )

  it('is UNIMPLEMENTED in the words of gRPC-Web and of Connect', async () => {
    const { url } = await library()
    const web = await ask(url, 'POST /lib.v1.Library/Absent', { body: '', type: 'application/grpc-web+proto' })
    expect(`${web.headers.get('grpc-status')}${web.text}`).toMatch(/^12/)
    const headers = { 'connect-protocol-version': '1' }
    const connect = await ask(url, 'POST /lib.v1.Library/Absent', { body: '{}', headers })
    expect([connect.status, connect.json.code]).toEqual([501, 'unimplemented'])
  })
})

describe('a path with other HTTP methods', () => {
  it('is 405 and UNIMPLEMENTED, with what is allowed', async () => {
    const { ask } = await library()
    const { status, headers, json } = await ask('PUT /v1/books')
    expect([status, json.code, headers.get('allow')]).toEqual([405, Code.UNIMPLEMENTED, 'POST, OPTIONS'])
  })
})

describe('a resource that is not there', () => {
  it('stays NOT_FOUND to a channel', async () => {
    const create = () => {
      throw new RpcError(Code.NOT_FOUND, 'no such book', { reason: 'HTTP_ROUTE_NOT_FOUND', domain: 'lib' })
    }
    const { url } = await library({}, { create })
    await expect(callThrough(url, 'create', {})).rejects.toMatchObject({ code: Code.NOT_FOUND, domain: 'lib' })
  })
})
