import { type Context, chain } from 'tierkit/endpoint'
import { Code, type ErrorCode, RpcError } from 'tierkit/error'
import { createLogger, requestIdKey } from 'tierkit/observability'
import { describe, expect, it } from 'vitest'
import { type LoggingOptions, logging } from '../../src/middleware/logging.js'
import { tracing } from '../../src/middleware/tracing.js'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { callOnce, collect, serveOnce, streamOf } from '../observability/fixture.js'

function capture(options: LoggingOptions = {}) {
  const lines: string[] = []
  const logger = createLogger({ level: 'trace', destination: { write: (line) => lines.push(line) } })
  return {
    logger,
    lines,
    middleware: logging({ logger, ...options }),
    records: () => lines.map((line) => JSON.parse(line) as Record<string, unknown>),
  }
}

describe('logging', () => {
  it('writes one record at the end of a served call', async () => {
    const { middleware, records } = capture()
    const clock = createFakeClock()
    const handler = async (_: unknown, context: Context) => {
      context.set(requestIdKey, 'r-1')
      context.principal = { subject: 'ada', roles: [], scopes: [], claims: {} }
      await clock.advance(12.3456)
    }
    await serveOnce(chain(tracing(), middleware), handler, {
      clock,
      peer: { address: '10.0.0.7:41234' },
      metadata: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    })
    expect(records()).toEqual([
      {
        level: 'info',
        time: expect.any(String),
        'grpc.service': 'shop.v1.Orders',
        'grpc.method': 'PlaceOrder',
        'grpc.code': 'OK',
        duration_ms: 12.346,
        peer: '10.0.0.7:41234',
        subject: 'ada',
        request_id: 'r-1',
        trace_id: 'a'.repeat(32),
        span_id: 'b'.repeat(16),
        trace_flags: '01',
        msg: 'call served',
      },
    ])
  })

  it.each([
    ['OK', 'info', 'debug'],
    ['CANCELLED', 'info', 'info'],
    ['UNKNOWN', 'error', 'warn'],
    ['INVALID_ARGUMENT', 'info', 'info'],
    ['DEADLINE_EXCEEDED', 'error', 'warn'],
    ['NOT_FOUND', 'info', 'info'],
    ['ALREADY_EXISTS', 'info', 'info'],
    ['PERMISSION_DENIED', 'warn', 'info'],
    ['RESOURCE_EXHAUSTED', 'warn', 'info'],
    ['FAILED_PRECONDITION', 'info', 'info'],
    ['ABORTED', 'info', 'info'],
    ['OUT_OF_RANGE', 'info', 'info'],
    ['UNIMPLEMENTED', 'error', 'warn'],
    ['INTERNAL', 'error', 'warn'],
    ['UNAVAILABLE', 'error', 'warn'],
    ['DATA_LOSS', 'error', 'warn'],
    ['UNAUTHENTICATED', 'warn', 'info'],
  ] as const)('records %s as %s on a server and as %s on a client', async (name, served, made) => {
    const { middleware, records } = capture()
    const endpoint = async () => {
      if (name !== 'OK') throw new RpcError(Code[name] as ErrorCode, 'no')
    }
    await serveOnce(middleware, endpoint)
    await callOnce(middleware, endpoint)
    expect(records().map(({ level, msg }) => [level, msg])).toEqual([
      [served, 'call served'],
      [made, 'call made'],
    ])
  })

  it('tells reason and text of a refusal, and the cause of a fault', async () => {
    const { middleware, records } = capture()
    await serveOnce(middleware, () =>
      Promise.reject(new RpcError(Code.NOT_FOUND, 'no such order', { reason: 'ORDER_NOT_FOUND' })),
    )
    await serveOnce(middleware, () => Promise.reject(new TypeError('x is not a function')))
    expect(records()[0]).toMatchObject({ reason: 'ORDER_NOT_FOUND', error: 'no such order' })
    expect(records()[1]).toMatchObject({
      'grpc.code': 'UNKNOWN',
      err: { type: 'RpcError', cause: { type: 'TypeError', message: 'x is not a function' } },
    })
  })

  it('never writes messages or metadata', async () => {
    const { middleware, lines } = capture()
    const call = { request: { card: 'secret' }, metadata: { authorization: 'Bearer secret', 'x-tenant': 'secret' } }
    await serveOnce(middleware, async () => ({ token: 'secret' }), call)
    await serveOnce(middleware, () => Promise.reject(new RpcError(Code.INTERNAL, 'no')), call)
    expect(lines).toHaveLength(2)
    expect(lines.join('')).not.toContain('secret')
  })

  it('records a stream when it is over', async () => {
    const { middleware, records } = capture()
    const { response } = await serveOnce(middleware, async () => streamOf(1, 2), { kind: 'server_stream' })
    expect(records()).toEqual([])
    await collect(response)
    expect(records()).toHaveLength(1)
  })

  it('marks slow calls, as warnings at least', async () => {
    const { middleware, records } = capture({ slowMs: 100 })
    const clock = createFakeClock()
    await serveOnce(middleware, () => clock.advance(99), { clock })
    await serveOnce(middleware, () => clock.advance(100), { clock })
    await serveOnce(middleware, () => clock.advance(100).then(() => Promise.reject(new Error('x'))), { clock })
    expect(records().map(({ level, slow }) => [level, slow])).toEqual([
      ['info', undefined],
      ['warn', true],
      ['error', true],
    ])
  })

  it('lets the level be decided, and calls be left out', async () => {
    const { middleware, records } = capture({ level: ({ code }) => (code === Code.OK ? 'silent' : 'debug') })
    await serveOnce(middleware, async () => 1)
    await serveOnce(middleware, () => Promise.reject(new Error('x')))
    expect(records().map(({ level }) => level)).toEqual(['debug'])
  })

  it('follows the level of its logger while it runs', async () => {
    const { logger, middleware, records } = capture()
    logger.level = 'warn'
    await serveOnce(middleware, async () => 1)
    expect(records()).toEqual([])
    logger.level = 'info'
    await serveOnce(middleware, async () => 1)
    expect(records()).toHaveLength(1)
  })

  it('gives every record inside of calls a trace id, whichever of many it is', async () => {
    const { logger, middleware, records } = capture()
    const handler = async (_: unknown, context: Context) => {
      logger.debug({ n: context.metadata.get('x-n') }, 'in between')
      await Promise.resolve()
      logger.debug('after a wait')
    }
    await Promise.all(
      Array.from({ length: 200 }, (_, n) => {
        const traceparent = `00-${(n + 1).toString(16).padStart(32, '0')}-${'b'.repeat(16)}-01`
        const metadata = n % 2 ? { traceparent, 'x-n': `${n}` } : { 'x-n': `${n}` }
        return serveOnce(chain(tracing(), middleware), handler, { metadata })
      }),
    )
    expect(records()).toHaveLength(600)
    expect(records().filter(({ trace_id }) => !/^[0-9a-f]{32}$/.test(String(trace_id)))).toEqual([])
    expect(new Set(records().map(({ trace_id }) => trace_id)).size).toBe(200)
  })
})
