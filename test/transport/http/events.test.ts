import type { Context } from 'tierkit/endpoint'
import { Code, type ErrorDetail, RpcError } from 'tierkit/error'
import { createFakeClock } from 'tierkit/testing'
import { eventIdKey } from 'tierkit/transport/http'
import { describe, expect, it } from 'vitest'
import { retryInfo } from '../../../src/codec/detail/retry-info.js'
import { binding, gate, type Order, serverWith } from './fixture.js'

const http = [{ method: 'GET', path: '/v1/orders' }]

type Handler = (context: Context) => AsyncGenerator<Order>

/** Serves a stream of events, and asks for it. */
async function serve(handler: Handler, options = {}) {
  const { url, server } = await serverWith(
    [binding({ kind: 'server_stream', http }, async (_, context) => handler(context))],
    options,
  )
  const ask = (lastEventId?: string, accept = 'text/event-stream'): Promise<Response> =>
    fetch(`${url}/v1/orders`, {
      headers: lastEventId === undefined ? { accept } : { accept, 'last-event-id': lastEventId },
    })
  return { ask, server }
}

async function* two(): AsyncGenerator<Order> {
  yield { note: 'a' }
  yield { note: 'b' }
}

const failing = (code: Code, details: ErrorDetail[] = []): Handler =>
  async function* () {
    yield { note: 'a' }
    throw new RpcError(code as Exclude<Code, 0>, 'no', { details })
  }

const ids = (text: string): string[] => [...text.matchAll(/^id: (.*)$/gm)].map(([, id = '']) => id)

describe('a stream of events', () => {
  it('counts on from the last event that the client has, which the handler sees', async () => {
    let seen: unknown
    const { ask } = await serve(async function* (context) {
      seen = context.metadata.get('last-event-id')
      yield* two()
    })
    expect(ids(await (await ask('41')).text())).toEqual(['42', '43', 'end'])
    expect(seen).toBe('41')
  })

  it.each(['x', '-1', '1.5', '9'.repeat(16), ''])('counts from 1 after the id %j', async (id) => {
    const { ask } = await serve(two)
    expect(ids(await (await ask(id)).text())).toEqual(['1', '2', 'end'])
  })

  it('has the ids that its handler says', async () => {
    const { ask } = await serve(async function* (context) {
      context.set(eventIdKey, ({ note }: Order) => `at-${note}`)
      yield* two()
    })
    expect(ids(await (await ask()).text())).toEqual(['at-a', 'at-b', 'end'])
  })

  it('may say of an event that there is nothing to go on behind', async () => {
    const { ask } = await serve(async function* (context) {
      context.set(eventIdKey, ({ note }: Order) => (note === 'a' ? '' : 'page 1, row 2'))
      yield* two()
    })
    expect(ids(await (await ask()).text())).toEqual(['', 'page 1, row 2', 'end'])
  })

  it.each(['end', 'a\nb', 'a\rdata: x', '\0', 'größe', ' a', 'a ', 'a\tb'])(
    'ends with INTERNAL at the id %j',
    async (id) => {
      const { ask } = await serve(async function* (context) {
        yield { note: 'a' }
        context.set(eventIdKey, () => id)
        yield { note: 'b' }
      })
      expect(await (await ask()).text()).toMatch(
        /^event: message\nid: 1\n[^\n]*\n\nevent: error\nid: end\ndata: {"code":13,/,
      )
    },
  )

  it('is not begun again by a client that has all of it', async () => {
    let calls = 0
    const { ask } = await serve((context) => {
      calls += 1
      return two.call(context)
    })
    const response = await ask('end')
    expect([response.status, await response.text(), calls]).toEqual([204, '', 0])
    expect((await ask('end', 'application/x-ndjson')).status).toBe(200)
  })

  it.each([
    ['UNAVAILABLE', Code.UNAVAILABLE, [], 'event: error\ndata: '],
    ['an error with RetryInfo', Code.RESOURCE_EXHAUSTED, [retryInfo(1500)], 'event: error\nretry: 1500\ndata: '],
    ['INTERNAL', Code.INTERNAL, [], 'event: error\nid: end\ndata: '],
  ])('that ends with %s says whether to come again', async (_, code, details, text) => {
    const { ask } = await serve(failing(code, details))
    expect(await (await ask()).text()).toContain(text)
  })

  it('tells of a shutdown', async () => {
    const clock = createFakeClock()
    const entered = gate()
    const { ask, server } = await serve(
      async function* () {
        yield { note: 'a' }
        entered.open()
        await new Promise(() => {})
      },
      { clock },
    )
    const response = await ask()
    await entered.passed
    const drained = server.drain(100)
    await clock.advance(100)
    expect(await response.text()).toMatch(/\n\nevent: error\ndata: {"code":14,"message":"the server shuts down".*\n\n$/)
    await drained
  })
})
