import { context as otelContext, propagation, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import {
  AlwaysOffSampler,
  InMemorySpanExporter,
  NodeTracerProvider,
  type ReadableSpan,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-node'
import { currentContext } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { afterEach, describe, expect, it } from 'vitest'
import { serverKey } from '../../src/endpoint/outgoing.js'
import { tracing } from '../../src/middleware/tracing.js'
import { currentTrace } from '../../src/observability/current-trace.js'
import { callOnce, collect, serveOnce, streamOf, testContext } from '../observability/fixture.js'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'
const SAMPLED = `00-${TRACE}-${SPAN}-01`

function startSdk(options: { contextManager?: null; propagator?: null; sampler?: AlwaysOffSampler } = {}) {
  const exporter = new InMemorySpanExporter()
  const { sampler, ...registration } = options
  const provider = new NodeTracerProvider({
    spanProcessors: [new SimpleSpanProcessor(exporter)],
    ...(sampler ? { sampler } : {}),
  })
  provider.register(registration)
  return {
    spans: (): ReadableSpan[] => exporter.getFinishedSpans(),
    only: (): ReadableSpan => {
      expect(exporter.getFinishedSpans()).toHaveLength(1)
      return exporter.getFinishedSpans()[0] as ReadableSpan
    },
  }
}

afterEach(() => {
  trace.disable()
  otelContext.disable()
  propagation.disable()
})

describe('tracing on a server', () => {
  it('records a span within the trace of the caller', async () => {
    const sdk = startSdk()
    const { context } = await serveOnce(tracing(), async () => 1, {
      metadata: { traceparent: SAMPLED, tracestate: 'foo=1' },
      peer: { address: '10.0.0.7:41234' },
    })
    const span = sdk.only()
    expect(span.name).toBe('shop.v1.Orders/PlaceOrder')
    expect(span.kind).toBe(SpanKind.SERVER)
    expect(span.spanContext().traceId).toBe(TRACE)
    expect(span.parentSpanContext).toMatchObject({ spanId: SPAN, isRemote: true })
    expect(span.spanContext().traceState?.serialize()).toBe('foo=1')
    expect(span.attributes).toEqual({
      'rpc.system.name': 'grpc',
      'rpc.method': 'shop.v1.Orders/PlaceOrder',
      'rpc.status_code': 'OK',
      'network.peer.address': '10.0.0.7',
      'network.peer.port': 41234,
    })
    expect(span.status).toEqual({ code: SpanStatusCode.UNSET })
    expect(context.method.name).toBe('PlaceOrder')
  })

  it('starts a trace when the caller has none', async () => {
    const sdk = startSdk()
    await serveOnce(tracing(), async () => 1)
    expect(sdk.only().parentSpanContext).toBeUndefined()
  })

  it.each(Object.entries(Code).filter(([name]) => name !== 'OK'))(
    'marks %s as an error only if it is the fault of the server',
    async (name, code) => {
      const sdk = startSdk()
      await serveOnce(tracing(), () => Promise.reject(new RpcError(code as never, 'no')))
      const span = sdk.only()
      const faults = ['UNKNOWN', 'DEADLINE_EXCEEDED', 'UNIMPLEMENTED', 'INTERNAL', 'UNAVAILABLE', 'DATA_LOSS']
      expect(span.attributes['rpc.status_code']).toBe(name)
      expect(span.status.code).toBe(faults.includes(name) ? SpanStatusCode.ERROR : SpanStatusCode.UNSET)
      expect(span.attributes['error.type']).toBe(faults.includes(name) ? name : undefined)
    },
  )

  it('keeps the exception behind a fault', async () => {
    const sdk = startSdk()
    await serveOnce(tracing(), () => Promise.reject(new TypeError('x is not a function')))
    expect(sdk.only().events[0]?.attributes).toMatchObject({ 'exception.message': 'x is not a function' })
  })

  it('makes its span active in the handler and in its stream, and ends it with the stream', async () => {
    const sdk = startSdk()
    const active: unknown[] = []
    const note = () => active.push(trace.getActiveSpan()?.spanContext().spanId)
    const { response } = await serveOnce(
      tracing(),
      async () =>
        (async function* () {
          note()
          yield 1
          note()
        })(),
      { kind: 'server_stream' },
    )
    expect(sdk.spans()).toEqual([])
    expect(await collect(response)).toEqual([1])
    expect(active).toEqual([sdk.only().spanContext().spanId, sdk.only().spanContext().spanId])
  })

  it('reads B3 even when the registered propagator does not', async () => {
    const sdk = startSdk()
    await serveOnce(tracing(), async () => 1, { metadata: { b3: `${TRACE}-${SPAN}-1` } })
    expect(sdk.only().spanContext().traceId).toBe(TRACE)
  })

  it('hands baggage to OpenTelemetry', async () => {
    startSdk()
    let seen: string | undefined
    await serveOnce(
      tracing(),
      async () => {
        seen = propagation.getActiveBaggage()?.getEntry('tenant')?.value
      },
      { metadata: { traceparent: SAMPLED, baggage: 'tenant=blue' } },
    )
    expect(seen).toBe('blue')
  })
})

describe('tracing on a client', () => {
  it('records a span and sends it on', async () => {
    const sdk = startSdk()
    const { context } = await callOnce(tracing({ target: 'grpc://orders:9000' }), async (_, context) => {
      context.peer = { address: '[::1]:9000' }
    })
    const span = sdk.only()
    expect(span.kind).toBe(SpanKind.CLIENT)
    expect(span.attributes).toEqual({
      'rpc.system.name': 'grpc',
      'rpc.method': 'shop.v1.Orders/PlaceOrder',
      'rpc.status_code': 'OK',
      'server.address': 'orders',
      'server.port': 9000,
      'network.peer.address': '::1',
      'network.peer.port': 9000,
    })
    expect(context.metadata.get('traceparent')).toBe(`00-${span.spanContext().traceId}-${span.spanContext().spanId}-01`)
  })

  it.each([
    ['orders:9000', 'orders', 9000],
    ['grpc://[::1]:9000', '::1', 9000],
    ['orders', 'orders', undefined],
    ['etcd://10.0.0.1:2379/orders?layout=naming', 'orders', undefined],
    ['file:///tmp/shop/orders', 'orders', undefined],
    ['memory:///orders', 'orders', undefined],
  ])('names the server of the target %s', async (target, address, port) => {
    const sdk = startSdk()
    await callOnce(tracing({ target }), async () => 1)
    expect(sdk.only().attributes).toMatchObject({ 'server.address': address, ...(port ? { 'server.port': port } : {}) })
  })

  it('names the server by its peer where it is told of no target', async () => {
    const sdk = startSdk()
    await callOnce(tracing(), async (_, context) => {
      context.peer = { address: '10.0.0.7:9000' }
    })
    await callOnce(tracing(), async () => 1)
    const [called, unknown] = sdk.spans()
    expect(called?.attributes).toMatchObject({ 'server.address': '10.0.0.7', 'server.port': 9000 })
    expect(unknown?.attributes).not.toHaveProperty('server.address')
  })

  it('names it as the registry does, for the call by its last attempt', async () => {
    const sdk = startSdk()
    const instances = ['orders-a:9000', 'orders-b:9001']
    const attempt = tracing({ attempt: true })(async (_, context) => {
      context.peer = { address: '10.0.0.7:9000' }
      return 1
    })
    const client = tracing()(async (request, context) => {
      for (const instance of instances) await attempt(request, context.set(serverKey, instance))
    })
    await client({}, testContext('client'))
    const names = sdk.spans().map(({ attributes }) => `${attributes['server.address']}:${attributes['server.port']}`)
    expect(names).toEqual(['orders-a:9000', 'orders-b:9001', 'orders-b:9001'])
    expect(sdk.spans()[2]?.attributes['network.peer.address']).toBe('10.0.0.7')
  })

  it('marks every code but OK as an error', async () => {
    const sdk = startSdk()
    await callOnce(tracing(), () => Promise.reject(new RpcError(Code.NOT_FOUND, 'no such order')))
    expect(sdk.only().status).toEqual({ code: SpanStatusCode.ERROR, message: 'no such order' })
    expect(sdk.only().attributes['error.type']).toBe('NOT_FOUND')
  })

  it('is the child of the call that it is made in, with a context manager or without', async () => {
    for (const options of [{}, { contextManager: null }]) {
      const sdk = startSdk(options)
      await serveOnce(tracing(), async () => callOnce(tracing(), async () => 1, { within: currentContext() as never }))
      const [client, server] = sdk.spans()
      expect(client?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId)
      expect(server?.kind).toBe(SpanKind.SERVER)
      trace.disable()
      otelContext.disable()
    }
  })

  it('is the child of a span that the application made', async () => {
    const sdk = startSdk()
    await trace.getTracer('app').startActiveSpan('work', async (span) => {
      await callOnce(tracing(), async () => 1)
      span.end()
    })
    const [client, work] = sdk.spans()
    expect(client?.parentSpanContext?.spanId).toBe(work?.spanContext().spanId)
  })

  it('covers all attempts with one span; attempts have their own inside it', async () => {
    const sdk = startSdk()
    const sent: (string | undefined)[] = []
    const attempt = tracing({ attempt: true })(async (_, context) => {
      sent.push(context.metadata.get('traceparent'))
      if (sent.length === 1) throw new RpcError(Code.UNAVAILABLE, 'try again')
      return 1
    })
    await callOnce(tracing(), (request, context) => attempt(request, context).catch(() => attempt(request, context)))
    const [first, second, call] = sdk.spans()
    expect([first?.name, second?.name, call?.name]).toEqual([
      'Attempt.shop.v1.Orders/PlaceOrder',
      'Attempt.shop.v1.Orders/PlaceOrder',
      'shop.v1.Orders/PlaceOrder',
    ])
    expect(first?.status.code).toBe(SpanStatusCode.ERROR)
    expect(call?.status.code).toBe(SpanStatusCode.UNSET)
    expect(first?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId)
    expect(second?.parentSpanContext?.spanId).toBe(call?.spanContext().spanId)
    expect(sent.map((header) => header?.split('-')[2])).toEqual([
      first?.spanContext().spanId,
      second?.spanContext().spanId,
    ])
  })

  it('writes the formats that are asked for', async () => {
    const sdk = startSdk()
    const { context } = await callOnce(tracing({ propagators: ['b3', 'b3multi'] }), async () => 1)
    const { traceId, spanId } = sdk.only().spanContext()
    expect(context.metadata.get('b3')).toBe(`${traceId}-${spanId}-1`)
    expect(context.metadata.get('x-b3-traceid')).toBe(traceId)
    expect(context.metadata.has('traceparent')).toBe(false)
  })
})

describe('tracing with an SDK that samples nothing', () => {
  it('goes on with the trace, unsampled', async () => {
    const sdk = startSdk({ sampler: new AlwaysOffSampler() })
    let sent: string | undefined
    await serveOnce(
      tracing(),
      () =>
        callOnce(tracing(), async (_, context) => {
          sent = context.metadata.get('traceparent')
        }),
      { metadata: { traceparent: SAMPLED } },
    )
    expect(sent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-00$`))
    expect(sdk.spans()).toEqual([])
  })
})

describe('tracing without an SDK', () => {
  it('passes the trace of the caller on, unchanged, to outgoing calls', async () => {
    const { response } = await serveOnce(
      tracing(),
      async () => (await callOnce(tracing(), async () => 1, { within: currentContext() as never })).context.metadata,
      { metadata: { traceparent: SAMPLED, tracestate: 'foo=1', baggage: 'tenant=blue' } },
    )
    expect([...(response ?? [])]).toEqual([
      ['traceparent', [SAMPLED]],
      ['tracestate', ['foo=1']],
      ['baggage', ['tenant=blue']],
    ])
  })

  it('translates B3 into what is written', async () => {
    const { response } = await serveOnce(
      tracing(),
      async () => (await callOnce(tracing(), async () => 1, { within: currentContext() as never })).context.metadata,
      { metadata: { b3: `${TRACE}-${SPAN}-1` } },
    )
    expect(response?.get('traceparent')).toBe(SAMPLED)
  })

  it('gives a served call a trace of its own when it came without, the same for everything in it', async () => {
    const seen: unknown[] = []
    await serveOnce(tracing(), async () => {
      seen.push(currentTrace()?.traceId)
      const { context } = await callOnce(tracing(), async () => 1, { within: currentContext() as never })
      seen.push(context.metadata.get('traceparent')?.split('-')[1])
    })
    expect(seen[0]).toMatch(/^[0-9a-f]{32}$/)
    expect(seen[1]).toBe(seen[0])
  })

  it('adds nothing to a call that is made outside of any', async () => {
    const { context } = await callOnce(tracing(), async () => 1)
    expect(context.metadata.size).toBe(0)
  })

  it('leaves attempts alone', async () => {
    const { response } = await callOnce(tracing({ attempt: true }), async () => 7)
    expect(response).toBe(7)
  })

  it('starts to record once an SDK is registered', async () => {
    const endpoint = tracing()(async () => 1)
    await endpoint({}, testContext('server'))
    const sdk = startSdk()
    await endpoint({}, testContext('server'))
    expect(sdk.only().kind).toBe(SpanKind.SERVER)
  })

  it('sees the ends of streams through', async () => {
    const { response } = await serveOnce(tracing(), async () => streamOf(1, 2), { kind: 'server_stream' })
    expect(await collect(response)).toEqual([1, 2])
  })
})
