import * as grpc from '@grpc/grpc-js'
import { trace } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { Registry } from 'prom-client'
import {
  bindings,
  type Client,
  closeClient,
  createClient,
  defineMessage,
  defineService,
  field,
  implement,
  unary,
} from 'tierkit'
import type { Middleware } from 'tierkit/endpoint'
import { createLogger } from 'tierkit/observability'
import { startTracing } from 'tierkit/observability/otel'
import { grpcJsServer } from 'tierkit/transport/grpc-js'
import { httpServer } from 'tierkit/transport/http'
import { createInproc } from 'tierkit/transport/inproc'
import { describe, expect, it } from 'vitest'
import { logging } from '../../src/middleware/logging.js'
import { metadata } from '../../src/middleware/metadata.js'
import { metrics } from '../../src/middleware/metrics.js'
import { tracing } from '../../src/middleware/tracing.js'

const Text = defineMessage('test.Text', { text: field(1, 'string') })
const Gateway = defineService({ name: 'test.Gateway', methods: { ask: unary(Text, Text) } })
const Orders = defineService({ name: 'test.Orders', methods: { ask: unary(Text, Text) } })

const records: Record<string, unknown>[] = []
const logger = createLogger({ level: 'debug', destination: { write: (line) => records.push(JSON.parse(line)) } })
const common = (registry: Registry): Middleware[] => [metadata(), tracing(), metrics({ registry }), logging({ logger })]

describe('the whole stack', () => {
  it('makes one trace of a call through two services, and marks every record with it', async () => {
    const exporter = new InMemorySpanExporter()
    const sdk = startTracing({ serviceName: 'test', processors: [new SimpleSpanProcessor(exporter)] })
    const registry = new Registry()
    const [front, back] = [createInproc(), createInproc()]
    const client = <D extends typeof Gateway | typeof Orders>(
      definition: D,
      channel: typeof front.channel,
    ): Client<D> => createClient(definition, { channel, middleware: common(registry) })
    const orders = client(Orders, back.channel)
    const gateway = client(Gateway, front.channel)
    const ask = ({ text }: { text: string }) => {
      logger.info('working')
      return { text: `${text}!` }
    }
    await back.server.listen(bindings([implement(Orders, { ask })], ...common(registry)))
    await front.server.listen(
      bindings([implement(Gateway, { ask: (request) => orders.ask(request) })], ...common(registry)),
    )

    expect(await gateway.ask({ text: 'hello' })).toMatchObject({ text: 'hello!' })
    const spans = exporter.getFinishedSpans().toReversed()
    expect(spans.map(({ name }) => name)).toEqual([
      'test.Gateway/Ask',
      'test.Gateway/Ask',
      'test.Orders/Ask',
      'test.Orders/Ask',
    ])
    const traceId = spans[0]?.spanContext().traceId
    spans.forEach((span, i) => {
      expect(span.spanContext().traceId).toBe(traceId)
      expect(span.parentSpanContext?.spanId).toBe(spans[i - 1]?.spanContext().spanId)
    })
    expect(records).toHaveLength(5)
    expect(records.filter(({ trace_id }) => trace_id !== traceId)).toEqual([])
    const ids = records.filter(({ msg }) => msg !== 'call made').map(({ request_id }) => request_id)
    expect(new Set(ids).size).toBe(1)
    expect(ids[0]).toBeDefined()

    await Promise.all([gateway, orders].map((one) => closeClient(one)))
    await Promise.all([front, back].map(({ server }) => server.close()))
    await sdk.shutdown()
    expect(trace.getActiveSpan()).toBeUndefined()
  })

  it('adds no series for 10,000 random paths over gRPC and 1,000 over HTTP', async () => {
    const registry = new Registry()
    const silent = createLogger({ level: 'silent' })
    const served = bindings(
      [implement(Orders, { ask: (request) => request })],
      tracing(),
      metrics({ registry }),
      logging({ logger: silent }),
    )
    const [overGrpc, overHttp] = [
      grpcJsServer({ host: '127.0.0.1', port: 0 }),
      httpServer({ host: '127.0.0.1', port: 0 }),
    ]
    const { host, port } = await overGrpc.listen(served)
    const { url } = await overHttp.listen(served)
    const channel = new grpc.Client(`${host}:${port}`, grpc.credentials.createInsecure())
    const call = (path: string) =>
      new Promise<number>((resolve) => {
        const pass = (bytes: Buffer): Buffer => bytes
        channel.makeUnaryRequest(path, pass, pass, Buffer.alloc(0), (error) => resolve(error?.code ?? 0))
      })
    expect(await call('/test.Orders/Ask')).toBe(0)
    const lines = async () => (await registry.metrics()).split('\n').length
    const before = await lines()

    for (let from = 0; from < 10_000; from += 100) {
      const paths = Array.from({ length: 100 }, (_, n) => `/test.Random${from + n}/M${(from + n).toString(36)}`)
      const codes = await Promise.all(paths.map(call))
      expect(codes.every((code) => code === grpc.status.UNIMPLEMENTED)).toBe(true)
    }
    for (let from = 0; from < 1000; from += 50) {
      const paths = Array.from({ length: 50 }, (_, n) => `/test.Orders/Random${from + n}`)
      const answers = await Promise.all(paths.map((path) => fetch(url + path, { method: 'POST', body: '{}' })))
      expect(answers.every(({ status }) => status === 404)).toBe(true)
      await Promise.all(answers.map((answer) => answer.arrayBuffer()))
    }
    expect(await lines()).toBe(before)

    channel.close()
    await Promise.all([overGrpc.close(), overHttp.close()])
  }, 120_000)
})
