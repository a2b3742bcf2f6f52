import { type CorsOptions, httpServer } from 'tierkit/transport/http'
import { describe, expect, it } from 'vitest'
import { binding, serverWith } from './fixture.js'

const CALL = '/shop.v1.Orders/Call'
const SHOP = 'https://shop.example.com'

async function ask(cors: CorsOptions | undefined, method: string, headers: Record<string, string>) {
  const { url } = await serverWith([binding()], cors ? { cors } : {})
  const body = method === 'POST' ? { body: '{}' } : {}
  const response = await fetch(url + CALL, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...body,
  })
  const about = [...response.headers].filter(([name]) => name.startsWith('access-control') || name === 'vary')
  return { status: response.status, headers: Object.fromEntries(about) }
}

const preflight = { origin: SHOP, 'access-control-request-method': 'POST' }

describe('other origins', () => {
  it('may not call unless they are let', async () => {
    expect(await ask(undefined, 'POST', { origin: SHOP })).toEqual({ status: 200, headers: {} })
    expect(await ask(undefined, 'OPTIONS', preflight)).toEqual({ status: 204, headers: {} })
    expect(await ask({ origins: ['https://other.example'] }, 'POST', { origin: SHOP })).toEqual({
      status: 200,
      headers: { vary: 'Origin' },
    })
    expect(await ask({ origins: ['https://other.example'] }, 'OPTIONS', preflight)).toEqual({
      status: 204,
      headers: { vary: 'Origin' },
    })
  })

  it.each([
    ['*', '*'],
    [[SHOP], SHOP],
    [(origin: string) => origin.endsWith('.example.com'), SHOP],
  ] as const)('are let by %s', async (origins, allowed) => {
    const { headers } = await ask({ origins }, 'POST', { origin: SHOP })
    expect(headers['access-control-allow-origin']).toBe(allowed)
  })

  it('learn what they may send before they send it', async () => {
    const asked = { ...preflight, 'access-control-request-headers': 'authorization, x-id' }
    const { status, headers } = await ask({ origins: [SHOP], maxAgeMs: 5000 }, 'OPTIONS', asked)
    expect(status).toBe(204)
    expect(headers).toEqual({
      'access-control-allow-origin': SHOP,
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, x-id',
      'access-control-max-age': '5',
      vary: 'Origin',
    })
  })

  it('may send the headers that are listed, read those that are, and send cookies if so told', async () => {
    const cors = { origins: [SHOP], headers: ['x-id'], exposedHeaders: ['grpc-metadata-a'], credentials: true }
    const { headers } = await ask(cors, 'OPTIONS', { ...preflight, 'access-control-request-headers': 'x-evil' })
    expect(headers).toMatchObject({
      'access-control-allow-headers':
        'content-type, connect-protocol-version, connect-timeout-ms, grpc-timeout, x-grpc-web, x-user-agent, x-id',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'grpc-metadata-a',
    })
  })

  it('do not get back what they made up', async () => {
    const asked = { ...preflight, 'access-control-request-headers': 'a;b' }
    expect((await ask({ origins: '*' }, 'OPTIONS', asked)).headers).not.toHaveProperty('access-control-allow-headers')
  })

  it('are answered by the server where a route takes any method', async () => {
    const { url } = await serverWith([binding({ http: [{ method: '*', path: '/any', body: '*' }] })], {
      cors: { origins: '*' },
    })
    expect((await fetch(`${url}/any`, { method: 'OPTIONS', headers: preflight })).status).toBe(204)
    expect((await fetch(`${url}/any`, { method: 'OPTIONS' })).status).toBe(200)
  })

  it('see errors too', async () => {
    const { url } = await serverWith([], { cors: { origins: '*' } })
    const response = await fetch(`${url}/nothing`, { headers: { origin: SHOP } })
    expect([response.status, response.headers.get('access-control-allow-origin')]).toEqual([404, '*'])
  })
})

it('all origins with credentials would be everyone, and keeps the server from starting', async () => {
  await expect(httpServer({ cors: { origins: '*', credentials: true } }).listen([])).rejects.toThrow(/credentials/)
})

it('a decision that throws is a 500, and nobody gets in', async () => {
  const origins = (): boolean => {
    throw new Error('secret')
  }
  expect(await ask({ origins }, 'POST', { origin: SHOP })).toEqual({ status: 500, headers: { vary: 'Origin' } })
})

describe('what browsers send without asking', () => {
  const form = new URLSearchParams()
  const parts = (): FormData => {
    const data = new FormData()
    data.set('note', 'x')
    return data
  }

  async function post(headers: Record<string, string>, body: RequestInit['body'] | null, cors?: CorsOptions) {
    let calls = 0
    const count = async () => {
      calls += 1
      return {}
    }
    const { url } = await serverWith([binding({}, count)], cors ? { cors } : {})
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('SELF', url)]))
    const response = await fetch(url + CALL, { method: 'POST', headers: sent, body: body ?? null })
    return [response.status, calls]
  }

  it.each([
    ['a form', parts()],
    ['nothing', null],
    ['text', '{}'],
    ['an old form', form],
  ])('is refused from pages of other origins: %s', async (_, body) => {
    expect(await post({ origin: SHOP }, body)).toEqual([403, 0])
    expect(await post({ origin: 'null' }, body)).toEqual([403, 0])
    expect(await post({ origin: SHOP }, body, { origins: ['https://other.example'] })).toEqual([403, 0])
  })

  it.each([
    ['programs', {}],
    ['pages of the same host', { origin: 'SELF' }],
    ['pages of the same origin, whatever a proxy makes of the host', { origin: SHOP, 'sec-fetch-site': 'same-origin' }],
  ])('is taken from %s', async (_, headers) => {
    expect(await post(headers as Record<string, string>, parts())).toEqual([200, 1])
    expect(await post(headers as Record<string, string>, null)).toEqual([200, 1])
  })

  it('is taken from pages of origins that may call', async () => {
    expect(await post({ origin: SHOP }, parts(), { origins: [SHOP] })).toEqual([200, 1])
  })
})

describe('an origin', () => {
  it.each(['https://shop.example.com/', 'https://Shop.example.com', 'shop.example.com', '*', ''])(
    'that no browser would send fails the start: %j',
    async (origin) => {
      await expect(serverWith([binding()], { cors: { origins: [origin] } })).rejects.toThrow(
        `cors: ${JSON.stringify(origin)} is not an origin`,
      )
    },
  )

  it.each(['null', 'https://shop.example.com:8443', 'http://[::1]:3000', 'chrome-extension://abc', 'app://x'])(
    'may be %s',
    async (origin) => {
      const { headers } = await ask({ origins: [origin] }, 'POST', { origin })
      expect(headers['access-control-allow-origin']).toBe(origin)
    },
  )
})
