import { createApp } from 'tierkit/app'
import { closeClient, createClient } from 'tierkit/client'
import { Code } from 'tierkit/error'
import { implement } from 'tierkit/service'
import { expect, it, vi } from 'vitest'
import { silent } from '../app/fake-parts.js'
import { engineNames, engines } from './engines.js'
import { Probe } from './probe.js'

const STREAMS = 1000

/** What keeps the process alive, by kind. */
function resources(): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const name of process.getActiveResourcesInfo()) counts[name] = (counts[name] ?? 0) + 1
  return counts
}

it.each(engineNames)(
  'a thousand open streams that are cancelled reach their handlers, and leave nothing behind, on %s',
  async (engine) => {
    let open = 0
    let aborted = 0
    const service = implement(Probe, {
      unary: async (request) => request,
      async *stream(request, context) {
        open += 1
        context.signal.addEventListener('abort', () => {
          aborted += 1
        })
        try {
          yield request
          await new Promise((_, reject) => context.onCancel(reject))
        } finally {
          open -= 1
        }
      },
    })
    const app = createApp({
      name: 'probe',
      services: [service],
      servers: [engines[engine].server({ host: '127.0.0.1', maxConcurrentStreams: 2 * STREAMS })],
      admin: false,
      logger: silent,
      stop: { drainTimeoutMs: 1000 },
      middleware: [],
    })
    const { servers } = await app.start()
    const client = createClient(Probe, {
      target: servers[0]?.url ?? '',
      transports: engines[engine].transports,
      middleware: [],
    })
    await client.unary({})
    const before = resources()

    const controller = new AbortController()
    const streams = Array.from({ length: STREAMS }, () =>
      client.stream({ text: 'x' }, { signal: controller.signal, timeoutMs: 60_000 }),
    )
    await Promise.all(streams.map((stream) => stream.next()))
    expect([open, aborted]).toEqual([STREAMS, 0])
    const ends = Promise.allSettled(streams.map((stream) => stream.next()))
    controller.abort()
    for (const end of await ends) expect(end).toMatchObject({ status: 'rejected', reason: { code: Code.CANCELLED } })
    await vi.waitFor(() => expect([open, aborted]).toEqual([0, STREAMS]), { timeout: 10_000 })
    await vi.waitFor(() => expect(resources().Timeout ?? 0).toBeLessThanOrEqual(before.Timeout ?? 0), {
      timeout: 10_000,
    })
    expect(resources().TCPSocketWrap).toBe(before.TCPSocketWrap)

    expect(await client.unary({ text: 'still there' })).toEqual({ text: 'still there' })
    await closeClient(client)
    await app.stop()
  },
)
