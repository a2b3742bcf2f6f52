import { context as otelContext, trace } from '@opentelemetry/api'
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import pino from 'pino'
import { currentContext, Metadata } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { createLogger, type Logger, type LoggerOptions } from 'tierkit/observability'
import { afterEach, describe, expect, it } from 'vitest'
import { tracing } from '../../src/middleware/tracing.js'
import { requestIdKey } from '../../src/observability/request-id.js'
import { serveOnce } from './fixture.js'

function capture(options: LoggerOptions = {}) {
  const lines: string[] = []
  const logger = createLogger({ ...options, destination: { write: (line) => lines.push(line) } })
  return { logger, lines, records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>) }
}

describe('createLogger', () => {
  it('writes one line of JSON a record, with level, time, service and text', () => {
    const { logger, lines, records } = capture({ name: 'orders', version: '1.2.3', fields: { zone: 'a' } })
    logger.info({ orderId: 7n }, 'placed')
    expect(lines[0]?.endsWith('}\n')).toBe(true)
    expect(records()).toEqual([
      {
        level: 'info',
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
        'service.name': 'orders',
        'service.version': '1.2.3',
        zone: 'a',
        orderId: 7,
        msg: 'placed',
      },
    ])
  })

  it('lets its level be set at any time, and children follow', () => {
    const { logger, records } = capture({ level: 'warn' })
    const child = logger.child({ part: 'db' })
    child.info('hidden')
    logger.level = 'debug'
    child.debug('seen')
    logger.level = 'silent'
    child.error('hidden again')
    expect(records().map(({ msg, part }) => [msg, part])).toEqual([['seen', 'db']])
  })

  it('redacts credentials, cookies and binary metadata by their keys, at any depth', () => {
    const { logger, lines, records } = capture()
    const request = {
      headers: { Authorization: 'Bearer secret', 'Set-Cookie': ['secret'], accept: '*/*' },
      calls: [{ 'trace-bin': 'secret', n: 1 }],
    }
    logger.info({ authorization: 'secret', cookie: 'secret', request })
    logger.child({ authorization: 'secret', 'set-cookie': 'secret' }).info('from a child')
    expect(lines.join('')).not.toContain('secret')
    expect(records()[0]).toMatchObject({
      authorization: '[redacted]',
      request: {
        headers: { Authorization: '[redacted]', accept: '*/*' },
        calls: [{ 'trace-bin': '[redacted]', n: 1 }],
      },
    })
    expect(request.headers.Authorization).toBe('Bearer secret')
  })

  it('shows metadata, without its secrets', () => {
    const { logger, records } = capture()
    const metadata = new Metadata({ authorization: 'Bearer secret', 'x-tenant': 'blue', 'x-role': ['a', 'b'] })
    logger.info({ metadata: metadata.set('x-key-bin', new Uint8Array([1])) })
    expect(records()[0]?.metadata).toEqual({
      authorization: '[redacted]',
      'x-tenant': 'blue',
      'x-role': ['a', 'b'],
      'x-key-bin': '[redacted]',
    })
  })

  it('redacts further paths', () => {
    const { logger, records } = capture({ redact: ['card.number', 'users[*].email'] })
    logger.info({ card: { number: '4111', month: 7 }, users: [{ email: 'a@b', id: 1 }] })
    expect(records()[0]).toMatchObject({
      card: { number: '[redacted]', month: 7 },
      users: [{ email: '[redacted]', id: 1 }],
    })
  })

  it('shows errors with their code, reason and causes', () => {
    const { logger, records } = capture()
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const err = new RpcError(Code.UNAVAILABLE, 'no database', { reason: 'DB_DOWN', metadata: { host: 'db' }, cause })
    logger.error({ err })
    expect(records()[0]?.err).toEqual({
      type: 'RpcError',
      message: '[UNAVAILABLE] no database',
      stack: expect.stringContaining('logger.test.ts'),
      code: 'UNAVAILABLE',
      reason: 'DB_DOWN',
      metadata: { host: 'db' },
      cause: { type: 'Error', message: 'connect ECONNREFUSED', stack: expect.any(String), code: 'ECONNREFUSED' },
    })
  })

  it('survives records that refer to themselves', () => {
    const { logger, records } = capture()
    const loop: Record<string, unknown> = { authorization: 'secret' }
    loop.self = loop
    logger.info({ loop })
    expect(JSON.stringify(records()[0])).not.toContain('secret')
  })

  it('takes a logger of pino where it takes one of its own', () => {
    const own: Logger = pino({ level: 'silent' })
    own.child({ a: 1 }).info({ b: 2 }, 'text')
    expect(own.level).toBe('silent')
  })
})

describe('records inside a call', () => {
  afterEach(() => {
    trace.disable()
    otelContext.disable()
  })

  it('carry trace, request and method in everything that the handler starts', async () => {
    const { logger, records } = capture()
    const later: Promise<void>[] = []
    await serveOnce(
      tracing(),
      async () => {
        currentContext()?.set(requestIdKey, 'r-1')
        logger.info('in the handler')
        later.push(Promise.resolve().then(() => logger.info('after an await')))
        later.push(new Promise((resolve) => setImmediate(() => resolve(logger.info('in a callback')))))
      },
      { metadata: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` } },
    )
    await Promise.all(later)
    expect(records()).toHaveLength(3)
    for (const record of records()) {
      expect(record).toMatchObject({
        trace_id: 'a'.repeat(32),
        span_id: 'b'.repeat(16),
        trace_flags: '01',
        request_id: 'r-1',
        'grpc.service': 'shop.v1.Orders',
        'grpc.method': 'PlaceOrder',
      })
    }
  })

  it('carry a trace id even when neither the caller nor an SDK gave one', async () => {
    const { logger, records } = capture()
    await serveOnce(tracing(), async () => logger.info('x'))
    expect(records()[0]?.trace_id).toMatch(/^[0-9a-f]{32}$/)
  })

  it('carry the span that is active, which may be one of the application', async () => {
    new NodeTracerProvider().register()
    const { logger, records } = capture()
    let spanId = ''
    await serveOnce(tracing(), () =>
      trace.getTracer('app').startActiveSpan('query', async (span) => {
        spanId = span.spanContext().spanId
        logger.info('inside')
        span.end()
      }),
    )
    expect(records()[0]).toMatchObject({ span_id: spanId, trace_flags: '01' })
  })

  it('say nothing of calls outside of any', () => {
    const { logger, records } = capture()
    logger.info('alone')
    expect(Object.keys(records()[0] ?? {})).toEqual(['level', 'time', 'msg'])
  })
})
