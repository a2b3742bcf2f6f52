import { type App, createApp } from 'tierkit/app'
import { type Client, closeClient, createClient } from 'tierkit/client'
import { Code } from 'tierkit/error'
import { healthContract, implement } from 'tierkit/service'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { silent } from '../app/fake-parts.js'
import { type EngineName, engineNames, engines } from './engines.js'
import { Probe } from './probe.js'
import { report, scaled } from './scale.js'

const [SERVING, NOT_SERVING, SERVICE_UNKNOWN] = [1, 2, 3]
const FLIP_MS = scaled(Number.POSITIVE_INFINITY, 100)

const methods = Object.keys(Probe.methods).map((key) => [key, () => ({})])

/** An app with a client of its health. */
interface Served {
  readonly app: App
  readonly health: Client<typeof healthContract>
}

async function serve(engine: EngineName): Promise<Served> {
  const { server, transports } = engines[engine]
  const app = createApp({
    name: 'goals',
    services: [implement(Probe, Object.fromEntries(methods))],
    servers: [server({ host: '127.0.0.1', port: 0 })],
    middleware: [],
    admin: false,
    logger: silent,
    stop: { propagationDelayMs: 200 },
  })
  const { servers } = await app.start()
  return { app, health: createClient(healthContract, { target: servers[0]?.url ?? '', transports, middleware: [] }) }
}

describe.each(engineNames)('health over %s', (engine) => {
  let served: Served
  beforeEach(async () => {
    served = await serve(engine)
  })
  afterEach(async () => {
    await closeClient(served.health)
    await served.app.stop()
  })

  const check = async (service: string) => (await served.health.check({ service })).status
  const watch = (service: string, signal?: AbortSignal) => {
    const stream = served.health.watch({ service }, { signal })
    return { next: async () => (await stream.next()).value?.status as number | undefined }
  }

  it('checks the process', async () => {
    expect(await check('')).toBe(SERVING)
  })

  it('checks a service', async () => {
    expect(await check('goals.Probe')).toBe(SERVING)
  })

  it('checks a service that does not want calls', async () => {
    served.app.health.set('goals.Probe', 'NOT_SERVING')
    expect(await check('goals.Probe')).toBe(NOT_SERVING)
    expect(await check('')).toBe(SERVING)
  })

  it('refuses to check a service that nobody knows', async () => {
    await expect(check('goals.Nobody')).rejects.toMatchObject({ code: Code.NOT_FOUND })
  })

  it('watches: the present status at once', async () => {
    expect(await watch('goals.Probe').next()).toBe(SERVING)
  })

  it('watches the process', async () => {
    expect(await watch('').next()).toBe(SERVING)
  })

  it('watches a service that nobody knows, until somebody does', async () => {
    const { next } = watch('goals.Late')
    expect(await next()).toBe(SERVICE_UNKNOWN)
    const change = next()
    served.app.health.set('goals.Late', 'SERVING')
    expect(await change).toBe(SERVING)
  })

  it('watches each change', async () => {
    const { next } = watch('goals.Probe')
    const seen = [await next()]
    for (const status of ['NOT_SERVING', 'SERVING', 'NOT_SERVING'] as const) {
      const change = next()
      served.app.health.set('goals.Probe', status)
      seen.push(await change)
    }
    expect(seen).toEqual([SERVING, NOT_SERVING, SERVING, NOT_SERVING])
  })

  it('says nothing where nothing has changed', async () => {
    const { next } = watch('goals.Probe')
    const seen = [await next()]
    for (let times = 0; times < 10; times += 1) served.app.health.set('goals.Probe', 'SERVING')
    await check('')
    served.app.health.set('goals.Probe', 'NOT_SERVING')
    expect([...seen, await next()]).toEqual([SERVING, NOT_SERVING])
  })

  it('says nothing of other services', async () => {
    const { next } = watch('goals.Probe')
    const seen = [await next()]
    served.app.health.set('goals.Other', 'NOT_SERVING')
    await check('goals.Other')
    served.app.health.set('goals.Probe', 'NOT_SERVING')
    expect([...seen, await next()]).toEqual([SERVING, NOT_SERVING])
  })

  it('tells every watch of a change, but those that were given up', async () => {
    const gone = new AbortController()
    const [one, two, three] = [watch('goals.Probe'), watch('goals.Probe'), watch('goals.Probe', gone.signal)]
    await Promise.all([one.next(), two.next(), three.next()])
    gone.abort()
    await expect(three.next()).rejects.toMatchObject({ code: Code.CANCELLED })
    const changes = [one.next(), two.next()]
    served.app.health.set('goals.Probe', 'NOT_SERVING')
    expect(await Promise.all(changes)).toEqual([NOT_SERVING, NOT_SERVING])
  })

  it('lists every service', async () => {
    expect((await served.health.list({})).statuses).toEqual({
      '': { status: SERVING },
      'goals.Probe': { status: SERVING },
    })
  })

  it('refuses to list more than a hundred', async () => {
    for (let n = 0; n < 99; n += 1) served.app.health.set(`goals.S${n}`, 'SERVING')
    await expect(served.health.list({})).rejects.toMatchObject({ code: Code.RESOURCE_EXHAUSTED })
  })

  it('is NOT_SERVING for all once the app stops, while it still answers', async () => {
    const { next } = watch('goals.Probe')
    await next()
    const flipped = next()
    const since = performance.now()
    const stopping = served.app.stop()
    expect(await flipped).toBe(NOT_SERVING)
    const flipMs = Math.round(performance.now() - since)
    expect([await check(''), await check('goals.Probe')]).toEqual([NOT_SERVING, NOT_SERVING])
    await stopping
    report(36, { engine, flipMs })
    expect(flipMs).toBeLessThanOrEqual(FLIP_MS)
  })

  it('ends watches in peace once the app stops, whatever is set later', async () => {
    const { next } = watch('goals.Probe')
    await next()
    const rest = (async () => [await next(), await next()])()
    const stopping = served.app.stop()
    served.app.health.set('goals.Probe', 'SERVING')
    expect(await rest).toEqual([NOT_SERVING, undefined])
    await stopping
  })
})
