import { type Context, currentContext } from 'tierkit/endpoint'
import { requestIdKey } from 'tierkit/observability'
import { describe, expect, it } from 'vitest'
import { type MetadataOptions, metadata } from '../../src/middleware/metadata.js'
import { callOnce, serveOnce } from '../observability/fixture.js'

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/

/** What a call carries that is made while another is served. */
async function within(incoming: Record<string, string | string[]>, options: MetadataOptions, own = {}) {
  const { response } = await serveOnce(
    metadata(options),
    async () => {
      const call = { within: currentContext() as Context, metadata: own }
      return (await callOnce(metadata(options), async () => 1, call)).context.metadata
    },
    { metadata: incoming },
  )
  return Object.fromEntries(response ?? [])
}

describe('metadata on a server', () => {
  it('gives each call a request id, and sends it back', async () => {
    const { context } = await serveOnce(metadata(), async () => 1)
    const id = context.get(requestIdKey)
    expect(id).toMatch(UUID)
    expect(context.responseHeaders.get('x-request-id')).toBe(id)
  })

  it('keeps the request id of the caller', async () => {
    const { context } = await serveOnce(metadata(), async () => 1, { metadata: { 'x-request-id': 'Root=1-67:a/b+c=' } })
    expect(context.get(requestIdKey)).toBe('Root=1-67:a/b+c=')
    expect(context.responseHeaders.get('x-request-id')).toBe('Root=1-67:a/b+c=')
  })

  it.each(['', 'x'.repeat(129), 'a b', '"}{"', '<script>'])(
    'makes its own where the one of the caller is %j',
    async (id) => {
      const { context } = await serveOnce(metadata(), async () => 1, { metadata: { 'x-request-id': id } })
      expect(context.get(requestIdKey)).toMatch(UUID)
    },
  )

  it('leaves request ids out by choice', async () => {
    const { context } = await serveOnce(metadata({ requestId: false }), async () => 1)
    expect(context.get(requestIdKey)).toBeUndefined()
    expect(context.hasResponseHeaders).toBe(false)
  })
})

describe('metadata on a client', () => {
  it('sends constants with every call, unless the call says otherwise', async () => {
    const constants = { 'x-app': 'shop', 'x-caps': ['a', 'b'] }
    const { context } = await callOnce(metadata({ constants }), async () => 1, { metadata: { 'x-app': 'other' } })
    expect([...context.metadata]).toEqual([
      ['x-app', ['other']],
      ['x-caps', ['a', 'b']],
    ])
  })

  it('passes the request id on', async () => {
    expect(await within({ 'x-request-id': 'r-1' }, {})).toEqual({ 'x-request-id': ['r-1'] })
    expect(await within({ 'x-request-id': 'r-1' }, { requestId: false })).toEqual({})
    expect(await within({ 'x-request-id': 'r-1' }, {}, { 'x-request-id': 'mine' })).toEqual({
      'x-request-id': ['mine'],
    })
  })

  it('passes on the keys and prefixes that it is told of, and nothing else', async () => {
    const incoming = {
      'x-tenant': 'blue',
      'x-flag-a': ['1', '2'],
      'x-flag': 'no',
      authorization: 'Bearer secret',
      'grpc-internal': 'x',
    }
    const sent = await within(incoming, { forward: ['X-Tenant', 'x-flag-*', 'grpc-*'], requestId: false })
    expect(sent).toEqual({ 'x-tenant': ['blue'], 'x-flag-a': ['1', '2'] })
  })

  it('passes an authorization on only where that is asked for by its name', async () => {
    const sent = await within({ authorization: 'Bearer t' }, { forward: ['authorization'], requestId: false })
    expect(sent).toEqual({ authorization: ['Bearer t'] })
  })

  it('lets what the call itself says win', async () => {
    const sent = await within({ 'x-tenant': 'blue' }, { forward: ['x-*'], requestId: false }, { 'x-tenant': 'red' })
    expect(sent).toEqual({ 'x-tenant': ['red'] })
  })

  it('adds nothing of its own to calls outside of any', async () => {
    const { context } = await callOnce(metadata({ forward: ['x-*'] }), async () => 1)
    expect(context.metadata.size).toBe(0)
  })
})
