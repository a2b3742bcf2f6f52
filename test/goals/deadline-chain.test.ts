import { type App, createApp, grpc } from 'tierkit/app'
import { type Client, closeClient, createClient } from 'tierkit/client'
import type { Context } from 'tierkit/endpoint'
import { Code, type RpcError } from 'tierkit/error'
import { implement } from 'tierkit/service'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { silent } from '../app/fake-parts.js'
import { Probe } from './probe.js'

// Five times the goal's, for a machine that has other things to do.
const BUDGET_MS = 1000

/** What a tier saw of the call. */
interface Seen {
  remainingMs?: number | undefined
  endedWith?: Code | undefined
}

const apps: App[] = []
const clients: AsyncDisposable[] = []
afterEach(async () => {
  await Promise.all(clients.splice(0).map(closeClient))
  await Promise.all(apps.splice(0).map((app) => app.stop()))
})

let live = 0

/** Serves the probe with a handler that is counted while it runs. */
async function serve(
  seen: Seen,
  handle: (text: string, context: Context) => Promise<{ text: string }>,
): Promise<Client<typeof Probe>> {
  const service = implement(Probe, {
    unary: async ({ text }, context) => {
      live += 1
      seen.remainingMs = context.remainingMs()
      // The call that a handler made may fail by the deadline before the handler's own timer fires.
      const ended = ({ code }: RpcError): void => {
        seen.endedWith ??= code
      }
      context.onCancel(ended)
      const reply = handle(text, context)
      reply.catch(ended)
      return reply.finally(() => {
        live -= 1
      })
    },
    async *stream() {},
  })
  const servers = [grpc({ host: '127.0.0.1' })]
  const stop = { drainTimeoutMs: 1000 }
  const app = createApp({
    name: 'probe',
    services: [service],
    servers,
    stop,
    admin: false,
    logger: silent,
    middleware: [],
  })
  const { servers: addresses } = await app.start()
  const client = createClient(Probe, { target: addresses[0]?.url ?? '', middleware: [] })
  apps.push(app)
  clients.push(client)
  return client
}

describe('a chain of calls with a budget', () => {
  it('ends in every tier when the last one hangs, and leaves no handler behind', async () => {
    const [a, b, c]: [Seen, Seen, Seen] = [{}, {}, {}]
    const last = await serve(c, (text, { signal }) =>
      text === 'ping'
        ? Promise.resolve({ text })
        : new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    )
    const middle = await serve(b, (text) => last.unary({ text }))
    const first = await serve(a, (text) => middle.unary({ text }))
    // Connections are made beforehand, so that the budget is spent on the calls.
    expect(await first.unary({ text: 'ping' })).toEqual({ text: 'ping' })

    await expect(first.unary({}, { timeoutMs: BUDGET_MS })).rejects.toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    await vi.waitFor(() => expect(live).toBe(0), { timeout: 5000 })
    for (const seen of [a, b, c]) expect([Code.DEADLINE_EXCEEDED, Code.CANCELLED]).toContain(seen.endedWith)
    expect(a.remainingMs).toBeLessThanOrEqual(BUDGET_MS)
    expect(b.remainingMs).toBeLessThanOrEqual(a.remainingMs ?? 0)
    expect(c.remainingMs).toBeLessThanOrEqual(b.remainingMs ?? 0)
    expect(c.remainingMs).toBeLessThan(BUDGET_MS)
  })
})
