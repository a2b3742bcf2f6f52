import { Registry } from 'prom-client'
import { chain, type Middleware, outgoingContext, runInContext } from 'tierkit/endpoint'
import { Code } from 'tierkit/error'
import { rateLimit, type StandardOptions, standard } from 'tierkit/middleware'
import type { Logger } from 'tierkit/observability'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { callContext, failure, methodOf, rejection } from './fixture.js'

const registry = new Registry()
beforeEach(() => registry.clear())

/** The name of a middleware: that of its inner function, to which a bundler may have added a number. */
const nameOf = (part: Middleware): string => part(async () => 'ok').name.replace(/\d+$/, '')

/** The names of the parts, outermost first. */
const partsOf = (options: StandardOptions): string[] => standard({ registry, ...options }).map(nameOf)

function fakeLogger() {
  const records: unknown[] = []
  const log = (fields: unknown) => void records.push(fields)
  const logger: Logger = {
    level: 'trace',
    trace: log,
    debug: log,
    info: log,
    warn: log,
    error: log,
    child: () => logger,
  }
  return { records, logger }
}

describe('standard', () => {
  it('is by default the chain of a server, with what is safe for every service', () => {
    expect(partsOf({})).toEqual([
      'tracing',
      'metadata',
      'metrics',
      'logging',
      'recover',
      'timeout',
      'bulkhead',
      'validate',
    ])
  })

  it('has everything that is set, in its place', () => {
    const options = {
      rateLimit: { perSecond: 5 },
      authenticate: () => undefined,
      authorize: {},
      validate: {},
    }
    expect(partsOf(options)).toEqual([
      ...['tracing', 'metadata', 'metrics', 'logging', 'recover', 'timeout', 'rateLimit', 'bulkhead'],
      // `authenticate` is a `when` for anonymous methods around a check.
      ...['when', 'authorize', 'validate'],
    ])
  })

  it('is for a client the chain around its attempts, and logs only where it is told to', () => {
    const { logger } = fakeLogger()
    expect(partsOf({ side: 'client' })).toEqual(['tracing', 'metadata', 'metrics', 'retry', 'circuitBreaker'])
    expect(partsOf({ side: 'client', logger, timeout: { ms: 5 } })).toEqual([
      ...['tracing', 'metadata', 'metrics', 'logging', 'timeout', 'retry', 'circuitBreaker'],
    ])
  })

  it('leaves out what is switched off', () => {
    const off = { tracing: false, metadata: false, metrics: false, logging: false, timeout: false } as const
    expect(partsOf({ ...off, recover: false, bulkhead: false, validate: false })).toEqual([])
    expect(partsOf({ ...off, side: 'client', retry: false, circuitBreaker: false })).toEqual([])
  })

  it('records a fault as the INTERNAL that the caller gets, with its cause in the log', async () => {
    const { logger, records } = fakeLogger()
    const endpoint = chain(...standard({ registry, logger }))(() => Promise.reject(new TypeError('secret')))
    const error = await rejection(endpoint({}, callContext({ side: 'server' })))
    expect(error).toMatchObject({ code: Code.INTERNAL, rawMessage: 'internal error' })
    expect(records).toMatchObject([{ 'grpc.code': 'INTERNAL', err: { cause: { message: 'secret' } } }])
    expect(await registry.metrics()).toMatch(/grpc_server_handled_total\{grpc_code="Internal",.*\} 1/)
  })

  it('records what it refuses', async () => {
    const { logger, records } = fakeLogger()
    const endpoint = chain(...standard({ registry, logger, rateLimit: { perSecond: 1 } }))(async () => 'ok')
    const context = callContext({ side: 'server' })
    await endpoint({}, context)
    await rejection(endpoint({}, callContext({ side: 'server', clock: context.clock })))
    expect(records).toMatchObject([
      { 'grpc.code': 'OK' },
      { 'grpc.code': 'RESOURCE_EXHAUSTED', reason: 'RATE_LIMITED' },
    ])
  })

  it('ends a call that its handler forgot after 30 s', async () => {
    const { logger, records } = fakeLogger()
    const context = callContext({ side: 'server' })
    const endpoint = chain(...standard({ registry, logger }))(() => new Promise<never>(() => {}))
    const ended = rejection(endpoint({}, context))
    await context.clock.advance(30_000)
    expect(await ended).toMatchObject({ code: Code.DEADLINE_EXCEEDED })
    expect(records).toMatchObject([{ 'grpc.code': 'DEADLINE_EXCEEDED', duration_ms: 30_000 }])
  })

  it('authenticates before it authorizes, and both before it validates', async () => {
    const seen: string[] = []
    const principal = { subject: 'ada', roles: ['clerk'], scopes: [], claims: {} }
    const by = () => {
      seen.push('authenticate')
      return principal
    }
    const options = {
      authenticate: { by, allowAnonymous: 'test.v1.Things/Other' },
      authorize: { predicate: () => seen.push('authorize') > 0 },
      validate: () => void seen.push('validate'),
    }
    const endpoint = chain(...standard({ registry, logging: false, ...options }))(async () => seen.push('handler'))
    await endpoint({}, callContext({ side: 'server' }))
    expect(seen).toEqual(['authenticate', 'authorize', 'validate', 'handler'])
  })

  it('counts each attempt of a client in its breaker, and the call once in its metrics', async () => {
    const method = methodOf('unary', { idempotency: 'idempotent' })
    const onStateChange = vi.fn()
    const options = { circuitBreaker: { volumeThreshold: 2, onStateChange }, registry, side: 'client' } as const
    const endpoint = chain(...standard(options))(() => Promise.reject(failure()))
    const context = callContext({ method })
    const ended = rejection(endpoint({}, context))
    await context.clock.advance(10_000)
    expect(await ended).toMatchObject({ reason: 'CIRCUIT_OPEN' })
    expect(onStateChange).toHaveBeenCalledOnce()
    expect(await registry.metrics()).toMatch(/grpc_client_handled_total\{grpc_code="Unavailable",.*\} 1/)
    expect(await registry.metrics()).toContain('tierkit_circuit_breaker_state{breaker="/test.v1.Things/Call"} 2')
  })

  it('lets a handler call on with its deadline, request id and trace', async () => {
    const server = chain(...standard({ registry, logging: false }))(async () => {
      const outgoing = outgoingContext(methodOf())
      const client = chain(...standard({ registry, side: 'client' }))(async (_, context) => context)
      return client({}, outgoing)
    })
    const context = callContext({ side: 'server' })
    const sent = await runInContext(context, () => server({}, context))
    expect(sent.deadline).toBe(31_000)
    expect(sent.metadata.get('x-request-id')).toBe(context.responseHeaders.get('x-request-id'))
    expect(sent.metadata.get('traceparent')).toMatch(/^00-/)
  })

  it('is a list, to which more can be added', () => {
    const parts = [...standard({ registry }), rateLimit({ perSecond: 9 })]
    expect(parts.map(nameOf).at(-1)).toBe('rateLimit')
  })
})
