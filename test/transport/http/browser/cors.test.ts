import type { CorsOptions } from 'tierkit/transport/http'
import { expect, it } from 'vitest'
import { orderMethod } from '../fixture.js'
import { bindings, type Handler } from './contract.js'
import { starting } from './fixture.js'
import { frame, type RawRequest, send } from './raw.js'

const SHOP = 'https://shop.example'
const handler: Handler = async function* (requests, { responseHeaders, responseTrailers }) {
  responseHeaders.set('x-head', 'h')
  responseTrailers.set('x-trail', 't')
  yield* requests
}

async function ask(
  cors: CorsOptions | undefined,
  { headers, ...request }: RawRequest,
): Promise<Record<string, unknown>> {
  const other = {
    method: orderMethod({ http: [{ method: 'PATCH', path: '/orders', body: '*' }] }),
    endpoint: async () => ({}),
  }
  const { url } = await starting('http()', [...bindings(handler), other], cors ? { cors } : {})
  const answer = await send(url, { ...request, headers: { origin: SHOP, ...headers } })
  const about = Object.entries(answer.headers).filter(([name]) => name.startsWith('access-control') || name === 'vary')
  return { status: answer.status, ...Object.fromEntries(about) }
}

const preflight = (path: string, asked = 'connect-protocol-version,content-type'): RawRequest => ({
  method: 'OPTIONS',
  path,
  headers: { 'access-control-request-method': 'POST', 'access-control-request-headers': asked },
})
const connect: RawRequest = {
  path: '/web.v1.Web/Say',
  headers: { 'content-type': 'application/json', 'connect-protocol-version': '1' },
  body: '{}',
}
const grpcWeb: RawRequest = {
  path: '/web.v1.Web/Say',
  headers: { 'content-type': 'application/grpc-web+proto' },
  body: frame(0, ''),
}

it('pages of other origins may not call unless they are let', async () => {
  for (const request of [connect, grpcWeb]) {
    expect(await ask(undefined, request)).toEqual({ status: 200 })
    expect(await ask({ origins: ['https://other.example'] }, request)).toEqual({ status: 200, vary: 'Origin' })
  }
  expect(await ask(undefined, preflight('/web.v1.Web/Say'))).toEqual({ status: 204 })
})

it('a page that is let may send what it asks for, with the methods that there are', async () => {
  expect(await ask({ origins: [SHOP] }, preflight('/web.v1.Web/Say'))).toEqual({
    status: 204,
    'access-control-allow-origin': SHOP,
    'access-control-allow-methods': 'POST',
    'access-control-allow-headers': 'connect-protocol-version,content-type',
    'access-control-max-age': '600',
    vary: 'Origin',
  })
  expect(await ask({ origins: [SHOP] }, preflight('/web.v1.Web/Look'))).toMatchObject({
    'access-control-allow-methods': 'GET, HEAD, POST',
  })
})

it('where headers are listed, those of the protocols are among them, but only on the paths of methods', async () => {
  const cors = { origins: [SHOP], headers: ['authorization'] }
  const { 'access-control-allow-headers': ofMethod } = await ask(cors, preflight('/web.v1.Web/Say'))
  expect(String(ofMethod).split(', ')).toEqual([
    'content-type',
    'connect-protocol-version',
    'connect-timeout-ms',
    'grpc-timeout',
    'x-grpc-web',
    'x-user-agent',
    'authorization',
  ])
  expect(await ask(cors, preflight('/orders'))).toMatchObject({
    'access-control-allow-headers': 'content-type, authorization',
  })
})

it('a page may read the status, and the metadata that there is', async () => {
  expect(await ask({ origins: [SHOP] }, connect)).toEqual({
    status: 200,
    'access-control-allow-origin': SHOP,
    'access-control-expose-headers': 'x-head, trailer-x-trail',
    vary: 'Origin',
  })
  expect(await ask({ origins: [SHOP], exposedHeaders: ['x-more'], credentials: true }, grpcWeb)).toEqual({
    status: 200,
    'access-control-allow-origin': SHOP,
    'access-control-allow-credentials': 'true',
    'access-control-expose-headers':
      'x-more, grpc-status, grpc-message, grpc-status-details-bin, grpc-encoding, x-head',
    vary: 'Origin',
  })
  const stream = {
    path: '/web.v1.Web/List',
    headers: { 'content-type': 'application/connect+proto' },
    body: frame(0, ''),
  }
  expect(await ask({ origins: '*' }, stream)).toEqual({
    status: 200,
    'access-control-allow-origin': '*',
    'access-control-expose-headers': 'connect-content-encoding, connect-accept-encoding, x-head',
  })
})

it('a page sees why it is refused', async () => {
  const late = { ...connect, headers: { ...connect.headers, 'connect-timeout-ms': 'soon' } }
  expect(await ask({ origins: [SHOP] }, late)).toMatchObject({ status: 400, 'access-control-allow-origin': SHOP })
  const nowhere = { ...grpcWeb, path: '/web.v1.Web/Absent' }
  expect(await ask({ origins: [SHOP] }, nowhere)).toMatchObject({
    status: 200,
    'access-control-expose-headers': expect.stringContaining('grpc-status'),
  })
})
