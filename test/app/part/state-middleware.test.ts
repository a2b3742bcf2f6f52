import { createApp, grpc } from 'tierkit/app'
import { closeClient, createClient, wrap } from 'tierkit/client'
import { withSnapshot } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { bulkhead, circuitBreaker, rateLimit, retry, when } from 'tierkit/middleware'
import { defineMessage, defineService, field, implement, unary } from 'tierkit/service'
import { describe, expect, it, onTestFinished } from 'vitest'
import { silent } from '../fake-parts.js'
import { start, stateOf } from './fixture.js'

const Note = defineMessage('test.Note', { text: field(1, 'string') })
const Notes = defineService({ name: 'test.Notes', methods: { echo: unary(Note, Note), drop: unary(Note, Note) } })
const handlers = { echo: async (note: object) => note, drop: async (note: object) => note }

/** A function that fails, as the server of it would. */
async function broken(): Promise<never> {
  throw new RpcError(Code.UNAVAILABLE, 'gone')
}

describe('/state of middleware', () => {
  it('shows the circuits of a client, with the ones that are open first', async () => {
    const channel = createApp({
      name: 'x',
      services: [implement(Notes, { ...handlers, drop: broken })],
      servers: [grpc({ host: '127.0.0.1' })],
      middleware: [],
      admin: false,
      logger: silent,
    })
    onTestFinished(() => channel.stop())
    const { servers } = await channel.start()
    const target = servers[0]?.url ?? ''
    const breaker = (name: string) => circuitBreaker({ name, volumeThreshold: 2, registry: false })
    const client = createClient(Notes, {
      target,
      middleware: [retry({ attempts: 1, assumeIdempotent: true, budget: { maxTokens: 10 } }), breaker('call')],
      attemptMiddleware: [breaker('attempt')],
    })
    onTestFinished(() => closeClient(client))
    const app = await start({ clients: [client] })
    await client.echo({})
    for (let call = 0; call < 3; call += 1) await client.drop({}).catch(() => {})
    const [shown] = (await stateOf(app)).clients

    const circuits = [
      {
        key: expect.stringContaining('/test.Notes/Drop'),
        state: 'open',
        since: expect.stringMatching(/^\d{4}-.*Z$/),
        openedAt: expect.stringMatching(/^\d{4}-.*Z$/),
        retryAt: expect.stringMatching(/^\d{4}-.*Z$/),
        calls: 2,
        failures: 2,
        // A call and its retries.
        refused: 6,
      },
      { key: expect.stringContaining('/test.Notes/Echo'), state: 'closed', calls: 1, failures: 0, refused: 0 },
    ]
    const states = { middleware: 'circuitBreaker', closed: 1, halfOpen: 0, open: 1 }
    expect(shown).toMatchObject({
      name: 'test.Notes',
      target,
      middleware: [
        { middleware: 'retry', budgets: [{ service: 'test.Notes', tokens: 8, maxTokens: 10, allows: true }] },
        { ...states, name: 'call', circuits },
      ],
      attemptMiddleware: [
        { ...states, name: 'attempt', circuits: [{ state: 'open', refused: 0 }, { state: 'closed' }] },
      ],
    })
  })

  it('shows what stands around functions that wrap guards', async () => {
    const find = wrap(broken, { name: 'find' }, circuitBreaker({ volumeThreshold: 1, registry: false }))
    const app = await start({ clients: [find] })
    await find().catch(() => {})

    expect((await stateOf(app)).clients).toMatchObject([
      { name: 'find', middleware: [{ open: 1, circuits: [{ key: '/function/find', state: 'open' }] }] },
    ])
  })

  it('shows the limits around the methods of the app, and whose they are', async () => {
    const service = implement(Notes, handlers, { use: { drop: [bulkhead({ concurrent: 1, queue: 2 })] } })
    const secret = rateLimit({ perSecond: 1, key: ({ metadata }) => metadata.get('x-key') })
    const app = await start({
      services: [service],
      servers: [grpc({ host: '127.0.0.1' })],
      middleware: [when(() => true, secret), bulkhead({ concurrent: 100 })],
    })
    const client = createClient(Notes, { target: app.addresses?.servers[0]?.url ?? '', middleware: [] })
    onTestFinished(() => closeClient(client))
    const call = () => client.echo({}, { metadata: { 'x-key': 'hunter2' } })
    await call()
    await expect(call()).rejects.toMatchObject({ reason: 'RATE_LIMITED' })
    const state = await stateOf(app)

    expect(state.middleware).toEqual([
      { middleware: 'rateLimit', perSecond: 1, burst: 1, keys: 1, refused: 1 },
      { middleware: 'bulkhead', running: 0, waiting: 0, concurrent: 100, queue: 0, refused: 0 },
      {
        middleware: 'bulkhead',
        running: 0,
        waiting: 0,
        concurrent: 1,
        queue: 2,
        refused: 0,
        methods: ['/test.Notes/Drop'],
      },
    ])
    expect(JSON.stringify(state)).not.toContain('hunter2')
  })

  it('shows a hundred circuits of any number', async () => {
    const find = wrap(
      async (id: number) => (id === 300 ? broken() : id),
      circuitBreaker({ volumeThreshold: 1, registry: false, per: ({ metadata }) => metadata.get('x-id') ?? '' }),
    )
    for (let id = 1; id <= 300; id += 1)
      await find(id, { metadata: { 'x-id': `${id}`.padStart(500, '0') } }).catch(() => {})
    const app = await start({ clients: [find] })
    const [breaker] = (await stateOf(app)).clients[0]?.middleware ?? []

    expect(breaker).toMatchObject({ closed: 299, open: 1 })
    expect(breaker?.circuits).toHaveLength(100)
    expect(breaker).toHaveProperty('circuits.0', expect.objectContaining({ state: 'open', key: `${'0'.repeat(200)}…` }))
  })

  it('shows middleware of your own that can tell, and says of one that fails that it does', async () => {
    const own = withSnapshot(
      (next) => next,
      () => ({ middleware: 'own', entries: 3 }),
    )
    const failing = withSnapshot(
      (next) => next,
      () => {
        throw new Error('no idea')
      },
    )
    const app = await start({
      services: [implement(Notes, handlers)],
      servers: [grpc({ host: '127.0.0.1' })],
      middleware: [own, failing, bulkhead({ concurrent: 1 })],
    })

    expect((await stateOf(app)).middleware).toMatchObject([
      { middleware: 'own', entries: 3 },
      { problem: 'no idea' },
      { middleware: 'bulkhead' },
    ])
  })
})
