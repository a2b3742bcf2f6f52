import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { type AppOptions, createApp } from 'tierkit'
import { createLogger, type Logger } from 'tierkit/observability'
import { type SpanExporter, startTracing } from 'tierkit/observability/otel'
import { openRegistry, type Registry } from 'tierkit/registry'

/** What every process of the shop knows of its surroundings, from its environment. */
export interface Runtime {
  /** Its own name: `inventory-2`. */
  readonly name: string
  readonly registry: Registry
  readonly logger: Logger
  /** Target URL of another service of the shop. */
  target(service: string): string
  /** Runs the service until the process is asked to stop. */
  run(options: Partial<AppOptions> & Pick<AppOptions, 'name'>): Promise<void>
}

const SPAN_KINDS = ['internal', 'server', 'client', 'producer', 'consumer']

/** Writes spans to a file, one JSON object a line: what a real system sends to a collector. */
function fileExporter(file: string): SpanExporter {
  const ms = ([seconds, nanos]: readonly [number, number]): number => seconds * 1000 + nanos / 1e6
  return {
    export(spans, done) {
      for (const span of spans) {
        const { traceId, spanId } = span.spanContext()
        const written = {
          traceId,
          spanId,
          parentSpanId: span.parentSpanContext?.spanId,
          name: span.name,
          kind: SPAN_KINDS[span.kind],
          startMs: ms(span.startTime),
          durationMs: ms(span.duration),
        }
        appendFileSync(file, `${JSON.stringify(written)}\n`)
      }
      done({ code: 0 })
    },
    shutdown: async () => {},
  }
}

/** Reads the environment that the fleet sets, and starts tracing and logging. */
export function startRuntime(): Runtime {
  const { SHOP_NAME: name = 'shop', SHOP_REGISTRY: url = '', SHOP_FOLDER: folder = '.' } = process.env
  const registry = openRegistry(url)
  const logger = createLogger({ name })
  // One span at a time, to be seen at once; in earnest pass `exporter`, which sends in batches.
  const processors = [new SimpleSpanProcessor(fileExporter(join(folder, `${name}.spans`)))]
  const tracing = startTracing({ serviceName: name, processors })
  return {
    name,
    registry,
    logger,
    target: (service) => `${url.replace(/\/$/, '')}/${service}`,
    async run(options) {
      const components = [{ name: 'tracing', start: async () => {}, stop: () => tracing.shutdown() }]
      const app = createApp({
        version: '1.0.0',
        id: `${name}-${process.pid}`,
        registry,
        logger,
        admin: { port: 0 },
        // A demo may tell everybody its contract: `tierkit call` and `describe` need no file then.
        reflection: true,
        stop: { propagationDelayMs: 200, drainTimeoutMs: 5000 },
        ...options,
        components: [...components, ...(options.components ?? [])],
      })
      await app.run()
    },
  }
}
