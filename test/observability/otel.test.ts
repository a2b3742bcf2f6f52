import { trace } from '@opentelemetry/api'
import { InMemorySpanExporter, type ReadableSpan, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { startTracing } from 'tierkit/observability/otel'
import { afterEach, describe, expect, it } from 'vitest'
import { tracing } from '../../src/middleware/tracing.js'
import { callOnce, serveOnce } from './fixture.js'

const running: { shutdown(): Promise<void> }[] = []
const start: typeof startTracing = (options) => {
  const started = startTracing(options)
  running.push(started)
  return started
}
/** Keeps what it is given, also after it was shut down. */
function keep() {
  const spans: ReadableSpan[] = []
  const exporter = new InMemorySpanExporter()
  exporter.export = (batch, done) => {
    spans.push(...batch)
    done({ code: 0 })
  }
  return { spans, exporter }
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((one) => one.shutdown()))
})

describe('startTracing', () => {
  it('sends the spans of calls to the exporter, under the name of the service', async () => {
    const { spans, exporter } = keep()
    const started = start({ serviceName: 'orders', version: '1.2.3', attributes: { zone: 'a' }, exporter })
    await serveOnce(tracing(), () => callOnce(tracing(), async () => 1))
    expect(spans).toEqual([])
    await started.forceFlush()
    const [client, server] = spans
    expect(client?.parentSpanContext?.spanId).toBe(server?.spanContext().spanId)
    expect(server?.resource.attributes).toMatchObject({
      'service.name': 'orders',
      'service.version': '1.2.3',
      zone: 'a',
      'telemetry.sdk.name': 'opentelemetry',
    })
  })

  it('sends what is left when it is shut down, and records nothing more', async () => {
    const { spans, exporter } = keep()
    const started = start({ serviceName: 'orders', exporter })
    const middleware = tracing()
    await serveOnce(middleware, async () => 1)
    await started.shutdown()
    await started.shutdown()
    expect(spans).toHaveLength(1)
    await serveOnce(middleware, async () => 1)
    expect(spans).toHaveLength(1)
    expect(trace.getActiveSpan()).toBeUndefined()
  })

  it('samples the share of new traces that it is told, and follows what a caller decided', async () => {
    const { spans, exporter } = keep()
    start({ serviceName: 'orders', processors: [new SimpleSpanProcessor(exporter)], sampleRatio: 0 })
    await serveOnce(tracing(), async () => 1)
    expect(spans).toHaveLength(0)
    await serveOnce(tracing(), async () => 1, {
      metadata: { traceparent: `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01` },
    })
    expect(spans).toHaveLength(1)
  })

  it('refuses to start twice, and can start again after it was shut down', async () => {
    const first = start({ serviceName: 'orders' })
    expect(() => start({ serviceName: 'orders' })).toThrow('registered already')
    await first.shutdown()
    start({ serviceName: 'orders' })
  })

  it('refuses a ratio that is none', () => {
    expect(() => start({ serviceName: 'orders', sampleRatio: 50 })).toThrow('sampleRatio must be from 0 to 1')
  })
})
