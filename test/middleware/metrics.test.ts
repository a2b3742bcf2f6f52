import { Registry, register } from 'prom-client'
import type { Method } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { rpcMetrics } from 'tierkit/observability'
import { afterEach, describe, expect, it } from 'vitest'
import { metrics } from '../../src/middleware/metrics.js'
import { createFakeClock } from '../../src/testing/fake-clock.js'
import { callOnce, collect, serveOnce, streamOf, testContext, testMethod } from '../observability/fixture.js'

/** A scrape without comments, in the order of the alphabet. */
async function scrape(registry: Registry): Promise<string[]> {
  const lines = (await registry.metrics()).split('\n')
  return lines.filter((line) => line !== '' && !line.startsWith('#')).sort()
}

const series = async (registry: Registry, name: string): Promise<string[]> =>
  (await scrape(registry)).filter((line) => line.startsWith(name))

afterEach(() => register.clear())

describe('metrics', () => {
  it('names, labels and buckets a served call like go-grpc-prometheus', async () => {
    const registry = new Registry()
    const clock = createFakeClock()
    await serveOnce(metrics({ registry }), () => clock.advance(30), { clock })
    const labels = 'grpc_method="PlaceOrder",grpc_service="shop.v1.Orders",grpc_type="unary"'
    expect(await scrape(registry)).toEqual(
      [
        `grpc_server_handled_total{grpc_code="OK",${labels}} 1`,
        `grpc_server_handling_seconds_bucket{le="0.005",${labels}} 0`,
        `grpc_server_handling_seconds_bucket{le="0.01",${labels}} 0`,
        `grpc_server_handling_seconds_bucket{le="0.025",${labels}} 0`,
        `grpc_server_handling_seconds_bucket{le="0.05",${labels}} 1`,
        `grpc_server_handling_seconds_bucket{le="0.1",${labels}} 1`,
        `grpc_server_handling_seconds_bucket{le="0.25",${labels}} 1`,
        `grpc_server_handling_seconds_bucket{le="0.5",${labels}} 1`,
        `grpc_server_handling_seconds_bucket{le="1",${labels}} 1`,
        `grpc_server_handling_seconds_bucket{le="2.5",${labels}} 1`,
        `grpc_server_handling_seconds_bucket{le="5",${labels}} 1`,
        `grpc_server_handling_seconds_bucket{le="10",${labels}} 1`,
        `grpc_server_handling_seconds_bucket{le="+Inf",${labels}} 1`,
        `grpc_server_handling_seconds_count{${labels}} 1`,
        `grpc_server_handling_seconds_sum{${labels}} 0.03`,
        `grpc_server_msg_received_total{${labels}} 1`,
        `grpc_server_msg_sent_total{${labels}} 1`,
        `grpc_server_started_total{${labels}} 1`,
      ].sort(),
    )
    const text = await registry.metrics()
    expect(text.match(/^# TYPE .*$/gm)).toEqual([
      '# TYPE grpc_server_started_total counter',
      '# TYPE grpc_server_handled_total counter',
      '# TYPE grpc_server_msg_received_total counter',
      '# TYPE grpc_server_msg_sent_total counter',
      '# TYPE grpc_server_handling_seconds histogram',
    ])
  })

  it('counts made calls apart, with sent and received the other way round', async () => {
    const registry = new Registry()
    await callOnce(metrics({ registry }), () => Promise.reject(new RpcError(Code.UNAVAILABLE, 'no')))
    const labels = 'grpc_method="PlaceOrder",grpc_service="shop.v1.Orders",grpc_type="unary"'
    expect(await series(registry, 'grpc_client_m')).toEqual([
      `grpc_client_msg_received_total{${labels}} 0`,
      `grpc_client_msg_sent_total{${labels}} 1`,
    ])
    expect(await series(registry, 'grpc_server')).toEqual([])
  })

  it.each([
    ['CANCELLED', 'Canceled'],
    ['UNKNOWN', 'Unknown'],
    ['INVALID_ARGUMENT', 'InvalidArgument'],
    ['DEADLINE_EXCEEDED', 'DeadlineExceeded'],
    ['NOT_FOUND', 'NotFound'],
    ['ALREADY_EXISTS', 'AlreadyExists'],
    ['PERMISSION_DENIED', 'PermissionDenied'],
    ['RESOURCE_EXHAUSTED', 'ResourceExhausted'],
    ['FAILED_PRECONDITION', 'FailedPrecondition'],
    ['ABORTED', 'Aborted'],
    ['OUT_OF_RANGE', 'OutOfRange'],
    ['UNIMPLEMENTED', 'Unimplemented'],
    ['INTERNAL', 'Internal'],
    ['UNAVAILABLE', 'Unavailable'],
    ['DATA_LOSS', 'DataLoss'],
    ['UNAUTHENTICATED', 'Unauthenticated'],
  ] as const)('counts %s as %s', async (name, label) => {
    const registry = new Registry()
    await serveOnce(metrics({ registry }), () => Promise.reject(new RpcError(Code[name], 'no')))
    const handled = await series(registry, 'grpc_server_handled_total')
    expect(handled).toHaveLength(1)
    expect(handled[0]).toContain(`grpc_code="${label}"`)
  })

  it('counts the messages of streams, and the call when its stream is over', async () => {
    const registry = new Registry()
    const echo = async (requests: unknown) => requests as AsyncIterable<number>
    const call = { kind: 'bidi_stream' as const, request: streamOf(1, 2, 3) }
    const { response } = await serveOnce(metrics({ registry }), echo, call)
    expect(await series(registry, 'grpc_server_handled_total')).toEqual([])
    await collect(response)
    const labels = 'grpc_method="PlaceOrder",grpc_service="shop.v1.Orders",grpc_type="bidi_stream"'
    expect(await series(registry, 'grpc_server_msg')).toEqual([
      `grpc_server_msg_received_total{${labels}} 3`,
      `grpc_server_msg_sent_total{${labels}} 3`,
    ])
    expect(await series(registry, 'grpc_server_handled_total')).toEqual([
      `grpc_server_handled_total{grpc_code="OK",${labels}} 1`,
    ])
  })

  it('shares its series with all middleware on the same registry', async () => {
    await serveOnce(metrics(), async () => 1)
    await serveOnce(metrics(), async () => 1)
    expect((await series(register as Registry, 'grpc_server_started_total'))[0]).toMatch(/ 2$/)
  })

  it('makes its series anew in a registry that was cleared', async () => {
    await serveOnce(metrics(), async () => 1)
    register.clear()
    await serveOnce(metrics(), async () => 1)
    expect((await series(register as Registry, 'grpc_server_started_total'))[0]).toMatch(/ 1$/)
  })

  it('leaves latency out by choice, and takes other buckets', async () => {
    const plain = new Registry()
    await serveOnce(metrics({ registry: plain, histogram: false }), async () => 1)
    expect(await series(plain, 'grpc_server_handling')).toEqual([])
    const wide = new Registry()
    await serveOnce(metrics({ registry: wide, buckets: [1, 60] }), async () => 1)
    expect(await series(wide, 'grpc_server_handling_seconds_bucket')).toHaveLength(3)
  })

  it('has every series of the methods it is told of at 0 from the start', async () => {
    const registry = new Registry()
    metrics({ registry, methods: [testMethod('unary', 'A'), testMethod('server_stream', 'B')] })
    const lines = await scrape(registry)
    expect(lines.filter((line) => line.startsWith('grpc_server_handled_total'))).toHaveLength(2 * 17)
    expect(lines.every((line) => line.endsWith(' 0'))).toBe(true)
  })

  it('adds no series for 10,000 random method names', async () => {
    const registry = new Registry()
    const known = testMethod()
    const middleware = metrics({ registry, methods: [known] })
    const call = (method: Method) => middleware(async () => 1)({}, testContext('server', { method }))
    await call(known)
    await call(testMethod('unary', 'first-stranger'))
    const before = (await scrape(registry)).length
    for (let i = 0; i < 10_000; i += 1) await call(testMethod('unary', `M${i.toString(36)}`))
    expect(await scrape(registry)).toHaveLength(before)
    expect(await series(registry, 'grpc_server_started_total')).toEqual([
      'grpc_server_started_total{grpc_method="PlaceOrder",grpc_service="shop.v1.Orders",grpc_type="unary"} 1',
      'grpc_server_started_total{grpc_method="_OTHER",grpc_service="_OTHER",grpc_type="unary"} 10001',
    ])
  })

  it('has series for a thousand methods at most, whatever it is not told', async () => {
    const registry = new Registry()
    for (let i = 0; i < 3000; i += 1) rpcMetrics('client', { registry }).counters(testMethod('unary', `M${i}`))
    expect(await series(registry, 'grpc_client_started_total')).toHaveLength(1001)
  })

  it('goes back to 0 with its registry', async () => {
    const registry = new Registry()
    await serveOnce(metrics({ registry }), async () => 1)
    registry.resetMetrics()
    expect((await scrape(registry)).every((line) => line.endsWith(' 0'))).toBe(true)
  })

  it('speaks OpenMetrics when its registry does', async () => {
    const registry = new Registry()
    registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE as never)
    await serveOnce(metrics({ registry }), async () => 1)
    const text = await registry.metrics()
    expect(text).toContain('# TYPE grpc_server_started counter\ngrpc_server_started_total{')
  })

  it('can be read as JSON, for workers of a cluster', async () => {
    const registry = new Registry()
    await serveOnce(metrics({ registry }), async () => 1)
    const [started] = await registry.getMetricsAsJSON()
    expect(started).toMatchObject({ name: 'grpc_server_started_total', aggregator: 'sum', values: [{ value: 1 }] })
  })

  it('counts a call once, however it ends', async () => {
    const registry = new Registry()
    const { response, context } = await serveOnce(metrics({ registry }), async () => streamOf(1, 2), {
      kind: 'server_stream',
    })
    context.cancel()
    await response?.return?.(undefined)
    const handled = await series(registry, 'grpc_server_handled_total')
    expect(handled).toHaveLength(1)
    expect(handled[0]).toMatch(/grpc_code="Canceled".* 1$/)
  })
})
