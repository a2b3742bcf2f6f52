/** Starts OpenTelemetry's tracing SDK for a service. @module */
import { type Attributes, context, propagation, trace } from '@opentelemetry/api'
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources'
import {
  BatchSpanProcessor,
  NodeTracerProvider,
  ParentBasedSampler,
  type Sampler,
  type SpanExporter,
  type SpanProcessor,
  TraceIdRatioBasedSampler,
} from '@opentelemetry/sdk-trace-node'
import { registeredSdk } from './open-telemetry.js'

export type { ReadableSpan, Sampler, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace-node'

/** What is traced, and where spans go. */
export interface StartTracingOptions {
  /** Name of the service, as `service.name`. */
  readonly serviceName: string
  /** Version of the service, as `service.version`. */
  readonly version?: string | undefined
  /** Further facts about the process: `{ 'deployment.environment.name': 'staging' }`. */
  readonly attributes?: Attributes | undefined
  /** Gets spans in batches: an OTLP exporter, say. */
  readonly exporter?: SpanExporter | undefined
  /** Further processors, each of which gets every span. */
  readonly processors?: readonly SpanProcessor[] | undefined
  /** Share of the traces begun here that are sampled, 0 to 1; all by default. What a caller decided is followed. */
  readonly sampleRatio?: number | undefined
  /** Decides on sampling in place of `sampleRatio`. */
  readonly sampler?: Sampler | undefined
}

/** The tracing of a process, while it runs. */
export interface Tracing extends AsyncDisposable {
  /** Sends the spans that have ended and were not sent. */
  forceFlush(): Promise<void>
  /** Sends what is left and stops. To be called last, when nothing serves any more. */
  shutdown(): Promise<void>
}

/**
 * Starts OpenTelemetry for the whole process: spans go to the exporter, contexts follow asynchronous code, and W3C trace
 * context and baggage are propagated (B3 is read too, by `tracing`). Once a process: throws if an SDK is registered.
 *
 * Needs `@opentelemetry/sdk-trace-node` and `@opentelemetry/resources`, which are optional peers.
 *
 * ```ts
 * const tracing = startTracing({ serviceName: 'orders', version: '1.2.0', exporter: new OTLPTraceExporter(), sampleRatio: 0.01 })
 * ```
 */
export function startTracing(options: StartTracingOptions): Tracing {
  const { serviceName, version, attributes, exporter, processors = [], sampleRatio = 1 } = options
  if (!(sampleRatio >= 0 && sampleRatio <= 1)) throw new TypeError('startTracing: sampleRatio must be from 0 to 1')
  if (registeredSdk()) throw new Error('startTracing: an OpenTelemetry SDK is registered already')
  const resource = resourceFromAttributes({
    ...attributes,
    'service.name': serviceName,
    ...(version !== undefined && { 'service.version': version }),
  })
  const provider = new NodeTracerProvider({
    resource: defaultResource().merge(resource),
    sampler: options.sampler ?? new ParentBasedSampler({ root: new TraceIdRatioBasedSampler(sampleRatio) }),
    spanProcessors: [...(exporter ? [new BatchSpanProcessor(exporter)] : []), ...processors],
  })
  provider.register()
  return running(provider)
}

function running(provider: NodeTracerProvider): Tracing {
  let stopped: Promise<void> | undefined
  const shutdown = (): Promise<void> => {
    stopped ??= provider.shutdown().finally(() => {
      trace.disable()
      context.disable()
      propagation.disable()
    })
    return stopped
  }
  return { forceFlush: () => provider.forceFlush(), shutdown, [Symbol.asyncDispose]: shutdown }
}
