import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:http2'
import { Registry } from 'prom-client'
import { createApp, grpc, http, serve } from 'tierkit/app'
import { closeClient, createChannel, createClient } from 'tierkit/client'
import { defineMessage, defineService, field, implement, unary } from 'tierkit/service'
import { describe, expect, it, onTestFinished } from 'vitest'
import { silent } from '../fake-parts.js'
import { start, stateOf } from './fixture.js'

const Note = defineMessage('test.Note', { text: field(1, 'string') })
const Notes = defineService({ name: 'test.Notes', methods: { echo: unary(Note, Note) } })

function gate(): { readonly passed: Promise<void>; pass(): void } {
  let pass = (): void => {}
  const passed = new Promise<void>((resolve) => {
    pass = resolve
  })
  return { passed, pass }
}

/** A call that is held until it is let go. */
function held() {
  const arrival = gate()
  const end = gate()
  const service = implement(Notes, {
    echo: async (note) => {
      arrival.pass()
      await end.passed
      return note
    },
  })
  onTestFinished(end.pass)
  return { service, arrived: arrival.passed, release: end.pass }
}

describe('/state', () => {
  it.each([
    ['gRPC', 'HTTP/2', () => grpc({ host: '127.0.0.1' })],
    ['JSON', 'HTTP/1.1', () => http({ host: '127.0.0.1' })],
    ['everything', 'HTTP/2', () => serve({ host: '127.0.0.1' })],
  ] as const)('shows the connections of a server for %s and what runs on them', async (_, protocol, server) => {
    const { service, arrived, release } = held()
    const app = await start({ services: [service], servers: [server()] })
    const target = app.addresses?.servers[0]?.url ?? ''
    const client = createClient(Notes, { target, middleware: [] })
    onTestFinished(() => closeClient(client))
    const answer = client.echo({ text: 'a' })
    await arrived
    const { version, health, servers } = await stateOf(app)
    release()
    await answer

    expect({ version, health }).toEqual({ version: 1, health: { '': 'SERVING', 'test.Notes': 'SERVING' } })
    expect(servers).toEqual([
      {
        url: target,
        connections: 1,
        openCalls: 1,
        breaches: {},
        oldest: [
          {
            peer: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
            protocol,
            openCalls: 1,
            ageMs: expect.any(Number),
            bytesRead: expect.any(Number),
            bytesWritten: expect.any(Number),
          },
        ],
      },
    ])
    expect((await stateOf(app)).servers[0]).toMatchObject({ openCalls: 0 })
  })

  it('shows the channels of clients, with the nodes that they call', async () => {
    const { service, arrived, release } = held()
    const served = await start({ services: [service], servers: [grpc({ host: '127.0.0.1' })], admin: false })
    const url = served.addresses?.servers[0]?.url ?? ''
    const client = createClient(Notes, { target: `static:///${url},grpc://127.0.0.1:1`, middleware: [] })
    onTestFinished(() => closeClient(client))
    const app = await start({ clients: [client] })
    const answer = client.echo({ text: 'a' })
    await arrived
    const { clients } = await stateOf(app)
    release()
    await answer

    expect(clients).toMatchObject([
      { target: `static:///${url},grpc://127.0.0.1:1`, state: 'ready', waiting: 0, nodes: [{ url }, {}] },
    ])
    expect(clients[0]?.nodes?.[0]).toMatchObject({ state: 'ready', inFlight: 1, picks: 1, weight: 100 })
    expect((await stateOf(app)).clients[0]?.nodes?.[0]).toMatchObject({ inFlight: 0, picks: 1 })
  })

  it('says why a node failed last', async () => {
    const channel = createChannel({ target: '127.0.0.1:1' })
    onTestFinished(() => channel.close())
    const client = createClient(Notes, { channel, middleware: [] })
    const app = await start({ clients: [channel] })
    await expect(client.echo({})).rejects.toThrow()
    const { clients } = await stateOf(app)

    expect(clients[0]).toMatchObject({ target: '127.0.0.1:1', state: 'transient_failure' })
    expect(clients[0]?.nodes?.[0]?.lastError).toEqual({
      at: expect.any(String),
      text: expect.stringContaining('127.0.0.1:1'),
    })
  })

  it('counts the limits that clients breach', async () => {
    const app = await start({
      services: [held().service],
      servers: [grpc({ host: '127.0.0.1', registry: new Registry() })],
    })
    const session = connect((app.addresses?.servers[0]?.url ?? '').replace('grpc:', 'http:'))
    session.on('error', () => {})
    const closed = new Promise((resolve) => session.once('close', resolve))
    await once(session, 'connect')
    // One more than may come early.
    for (let ping = 0; ping < 4; ping += 1) session.ping(() => {})
    await closed

    expect((await stateOf(app)).servers[0]).toMatchObject({ breaches: { pings: 1 } })
  })

  it('refuses what is neither a client, a channel nor a guarded function', () => {
    expect(() => createApp({ name: 'x', logger: silent, clients: [{}] })).toThrow(
      'clients: pass what createClient, createChannel or wrap returns',
    )
  })

  it('takes no other method than GET', async () => {
    const app = await start({})
    const status = await new Promise((resolve) => {
      httpRequest(`${app.addresses?.admin?.url}/state`, { method: 'POST' }, (response) => {
        response.resume()
        resolve(response.statusCode)
      }).end()
    })
    expect(status).toBe(405)
  })
})
