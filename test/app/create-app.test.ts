import { Registry } from 'prom-client'
import { type AppOptions, createApp } from 'tierkit/app'
import { Health } from 'tierkit/observability'
import { defineService, implement, unary } from 'tierkit/service'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { settle } from '../client/fake-channel.js'
import { codec } from '../service/stand-in.js'
import { fakeRegistrar, fakeServer, silent } from './fake-parts.js'

const note = codec<{ readonly text: string }>('test.Note')
const Notes = defineService({ name: 'test.Notes', methods: { add: unary(note, note) } })
const notes = implement(Notes, { add: (request) => request })

const quiet: Pick<AppOptions, 'name' | 'logger' | 'middleware' | 'admin'> = {
  name: 'notes',
  logger: silent,
  middleware: [],
  admin: false,
}

afterEach(() => vi.unstubAllEnvs())

/** An app of which every part writes down what happens. */
function setUp(change: Partial<AppOptions> = {}) {
  const seen: string[] = []
  const health = new Health()
  const part = (name: string) => ({
    name,
    start: () => seen.push(`${name} starts`),
    stop: () => seen.push(`${name} stops`),
  })
  const app = createApp({
    ...quiet,
    health,
    services: [notes],
    servers: [fakeServer('grpc', seen), fakeServer('http', seen)],
    registry: {
      register: (instance) => {
        seen.push(`health is ${health.get('test.Notes')}`)
        return fakeRegistrar(seen).register(instance)
      },
    },
    components: [part('database'), part('cache')],
    hooks: {
      beforeStart: [() => seen.push('beforeStart 1'), () => seen.push('beforeStart 2')],
      afterStart: () => seen.push('afterStart'),
      beforeStop: () => seen.push(`beforeStop, health is ${health.get('')}`),
      afterStop: () => seen.push(`afterStop, health is ${health.get('')}`),
    },
    stop: { propagationDelayMs: 0, drainTimeoutMs: 7 },
    ...change,
  })
  return { app, seen, health }
}

const started = [
  'beforeStart 1',
  'beforeStart 2',
  'database starts',
  'cache starts',
  'grpc listens',
  'http listens',
  'health is SERVING',
  'registered',
  'afterStart',
]

describe('createApp', () => {
  it('starts components, servers, readiness and registration in order', async () => {
    const { app, seen, health } = setUp()
    expect([health.get(''), health.get('test.Notes')]).toEqual(['NOT_SERVING', 'NOT_SERVING'])
    const addresses = await app.start()
    expect(seen).toEqual(started)
    expect(addresses).toEqual(app.addresses)
    expect(addresses.servers.map(({ url }) => url)).toEqual(['grpc://127.0.0.1:9', 'grpc://127.0.0.1:9'])
    await app.stop()
  })

  it('stops in reverse', async () => {
    const { app, seen } = setUp()
    await app.start()
    seen.length = 0
    await app.stop()
    expect(seen).toEqual([
      'beforeStop, health is SERVING',
      'deregistered',
      'grpc drains 7',
      'http drains 7',
      'grpc closes',
      'http closes',
      'cache stops',
      'database stops',
      'afterStop, health is NOT_SERVING',
    ])
  })

  it('goes on serving for the propagation delay, not ready any more', async () => {
    const clock = createFakeClock()
    const { app, seen, health } = setUp({ clock, stop: {} })
    await app.start()
    seen.length = 0
    const stopping = app.stop()
    await clock.advance(4999)
    expect(seen).toEqual(['beforeStop, health is SERVING', 'deregistered'])
    expect(health.get('test.Notes')).toBe('NOT_SERVING')
    await clock.advance(1)
    await stopping
    expect(seen).toContain('grpc drains 20000')
    expect(clock.pending).toBe(0)
  })

  it('has no propagation delay where nobody could know of it', async () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', undefined)
    const { app, seen } = setUp({ registry: undefined, stop: {}, clock: createFakeClock() })
    await app.start()
    await app.stop()
    expect(seen).toContain('grpc closes')
  })

  it('has one in Kubernetes, registered or not', async () => {
    vi.stubEnv('KUBERNETES_SERVICE_HOST', '10.0.0.1')
    const clock = createFakeClock()
    const { app, seen } = setUp({ registry: undefined, stop: {}, clock })
    await app.start()
    const stopping = app.stop()
    await clock.advance(4999)
    expect(seen).not.toContain('grpc drains 20000')
    await clock.advance(1)
    await stopping
  })

  it('registers what it is and where it is reached', async () => {
    const registrar = fakeRegistrar([])
    const { app } = setUp({
      registry: registrar,
      id: 'n1',
      version: '1.2.3',
      metadata: { zone: 'b' },
      advertise: '10.0.0.7',
    })
    await app.start()
    const endpoints = ['grpc://10.0.0.7:9', 'grpc://10.0.0.7:9']
    expect(registrar.instances).toEqual([
      { id: 'n1', name: 'notes', version: '1.2.3', metadata: { zone: 'b' }, endpoints },
    ])
    expect(app.instance).toEqual(registrar.instances[0])
    await app.stop()
  })

  it('adds the health service to servers that want it, outside of the middleware', async () => {
    const seen: string[] = []
    const wanting = fakeServer('grpc', seen, { servesHealth: true })
    const other = fakeServer('http', seen)
    const composed: unknown[] = []
    const { app } = setUp({
      servers: [wanting, other],
      middleware: [
        (next) => {
          composed.push(next)
          return next
        },
      ],
    })
    await app.start()
    const services = (server: typeof other): string[] => [...new Set(server.served.map(({ method }) => method.service))]
    expect(services(wanting)).toEqual(['test.Notes', 'grpc.health.v1.Health'])
    expect(services(other)).toEqual(['test.Notes'])
    expect(composed.length).toBe(1)
    await app.stop()
  })

  it('has the standard chain unless told otherwise, with a series for every method', async () => {
    const metrics = new Registry()
    const { app } = setUp({ middleware: undefined, metrics })
    await app.start()
    expect(await metrics.metrics()).toContain('grpc_server_started_total{grpc_method="Add"')
    await app.stop()
  })

  it('undoes a start that fails half-way and reports what failed first', async () => {
    const cause = new Error('listen EADDRINUSE 127.0.0.1:9')
    const seen: string[] = []
    const broken = fakeServer('http', seen, { listen: () => Promise.reject(cause) })
    const { app, seen: events, health } = setUp({ servers: [fakeServer('grpc', seen), broken] })
    const error = await app.start().catch((thrown) => thrown)
    expect(error).toBeInstanceOf(AggregateError)
    expect(error.message).toBe('notes did not start: servers did not start: listen EADDRINUSE 127.0.0.1:9')
    expect(error.cause).toBe(cause)
    expect(seen).toEqual(['grpc listens', 'grpc closes', 'http closes'])
    expect(events.slice(2)).toEqual([
      'database starts',
      'cache starts',
      'cache stops',
      'database stops',
      'afterStop, health is NOT_SERVING',
    ])
    expect([app.addresses, health.get('')]).toEqual([undefined, 'NOT_SERVING'])
    await app.stop()
  })

  it('attaches what goes wrong while a start is undone', async () => {
    const first = new Error('no route to the registry')
    const { app } = setUp({
      components: [{ name: 'database', stop: () => Promise.reject(new Error('busy')) }],
      registry: { register: () => Promise.reject(first) },
    })
    const error = await app.start().catch((thrown) => thrown)
    expect(error.cause).toBe(first)
    expect(error.errors.map(String)).toEqual([
      'Error: registration did not start: no route to the registry',
      'Error: database did not stop: busy',
    ])
  })

  it('gives the registry a limited time', async () => {
    const clock = createFakeClock()
    let life: AbortSignal | undefined
    const register = (_: unknown, signal?: AbortSignal): Promise<never> => {
      life = signal
      return new Promise(() => {})
    }
    const { app } = setUp({ clock, registry: { register }, registerTimeoutMs: 300 })
    const starting = app.start()
    starting.catch(() => {})
    await clock.advance(300)
    await expect(starting).rejects.toThrow('registration did not start: it took longer than 300 ms')
    expect(life?.aborted).toBe(true)
  })

  it('can be stopped while it starts', async () => {
    const seen: string[] = []
    const slow = {
      name: 'slow',
      start: (signal: AbortSignal) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    }
    const { app, seen: events } = setUp({ components: [{ name: 'fast', stop: () => seen.push('fast stops') }, slow] })
    const starting = app.start()
    starting.catch(() => {})
    await settle()
    await app.stop()
    await expect(starting).rejects.toThrow('the app was stopped')
    expect(seen).toEqual(['fast stops'])
    expect(events).not.toContain('grpc listens')
  })

  it('does not wait for a component that goes on starting, and undoes it', async () => {
    const clock = createFakeClock()
    const stop = vi.fn()
    let go = (): void => {}
    const deaf = { name: 'deaf', stopTimeoutMs: 50, start: () => new Promise<void>((resolve) => (go = resolve)), stop }
    const { app } = setUp({ clock, components: [deaf] })
    const starting = app.start()
    starting.catch(() => {})
    await settle()
    const stopping = app.stop()
    await clock.advance(50)
    await stopping
    await expect(starting).rejects.toThrow('deaf did not start: it took longer than 50 ms')
    expect(stop).not.toHaveBeenCalled()
    go()
    await vi.waitFor(() => expect(stop).toHaveBeenCalledOnce())
  })

  it('does not start once it was stopped', async () => {
    const { app, seen } = setUp()
    await app.stop()
    await expect(app.start()).rejects.toThrow('the app was stopped')
    expect(seen).toEqual([])
  })

  it('starts and stops once, however often it is told', async () => {
    const { app, seen } = setUp()
    await Promise.all([app.start(), app.start()])
    await Promise.all([app.stop(), app.stop()])
    await app.stop()
    expect(seen.filter((event) => event === 'grpc listens' || event === 'grpc closes').length).toBe(2)
  })

  it('stops everything whatever fails, and collects all of it', async () => {
    const { app, seen } = setUp({
      components: [
        { name: 'database', stop: () => seen.push('database stops') },
        { name: 'cache', stop: () => Promise.reject(new Error('busy')) },
      ],
      hooks: { beforeStop: () => Promise.reject(new Error('no')) },
    })
    await app.start()
    const error = await app.stop().catch((thrown) => thrown)
    expect(error).toBeInstanceOf(AggregateError)
    expect(error.errors.map(String)).toEqual([
      'Error: hooks did not stop: beforeStop: no',
      'Error: cache did not stop: busy',
    ])
    expect(seen.slice(-3)).toEqual(['grpc closes', 'http closes', 'database stops'])
  })

  it('leaves a component alone that does not stop in its time', async () => {
    const clock = createFakeClock()
    const { app } = setUp({
      clock,
      components: [{ name: 'stuck', stopTimeoutMs: 100, stop: () => new Promise(() => {}) }],
    })
    await app.start()
    const stopping = app.stop()
    stopping.catch(() => {})
    await clock.advance(100)
    await expect(stopping).rejects.toThrow('notes did not stop cleanly: stuck did not stop: it took longer than 100 ms')
  })

  it('closes a server that does not keep its word about draining', async () => {
    const clock = createFakeClock()
    const seen: string[] = []
    const stuck = fakeServer('grpc', seen, { drain: () => new Promise(() => {}) })
    const { app } = setUp({ clock, servers: [stuck] })
    await app.start()
    const stopping = app.stop()
    stopping.catch(() => {})
    await clock.advance(7 + 500)
    await expect(stopping).rejects.toThrow('servers did not stop')
    expect(seen).toContain('grpc closes')
  })

  it('refuses what cannot be served or used, by name', () => {
    expect(() => createApp({ ...quiet, services: [{}], servers: [fakeServer('grpc', [])] })).toThrow(/is no service/)
    expect(() => createApp({ ...quiet, registry: 'nothing://x' })).toThrow(/unknown scheme/)
    expect(() => createApp({ ...quiet, name: '' })).toThrow('the app needs a name')
    expect(() => createApp({ ...quiet, services: [notes] })).toThrow('the app notes has services but no servers')
  })
})
