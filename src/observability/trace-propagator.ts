import type { Context as OtelContext } from '@opentelemetry/api'
import type { Metadata } from '../endpoint/metadata.js'
import {
  hasPropagator,
  metadataGetter,
  metadataSetter,
  type OpenTelemetry,
  withRemoteParent,
} from './open-telemetry.js'
import { extractTrace, injectTrace, type TraceFormat } from './propagation.js'
import type { CallTrace, TraceContext } from './trace-context.js'

const READ: readonly TraceFormat[] = ['w3c', 'b3']
const WRITTEN: readonly TraceFormat[] = ['w3c']

/** What came with a call, for OpenTelemetry. */
export interface IncomingTrace {
  /** With the caller's span as the remote parent, if there is one. */
  readonly otel: OtelContext
  /** Baggage that OpenTelemetry was not told of, to be passed on. */
  readonly baggage: string | undefined
}

/**
 * Carries traces through metadata: by the propagator that is registered with OpenTelemetry, unless formats were named, or
 * else by the formats of this package. An incoming trace that the registered one does not know is read by those too.
 */
export class TracePropagator {
  readonly #formats: readonly TraceFormat[] | undefined

  constructor(formats?: readonly TraceFormat[]) {
    this.#formats = formats
  }

  /** The trace that the caller is in. */
  extract(metadata: Metadata): TraceContext | undefined {
    return extractTrace(metadata, this.#formats ?? READ)
  }

  /** The trace that the caller is in, for OpenTelemetry. */
  extractOtel(api: OpenTelemetry, metadata: Metadata): IncomingTrace {
    const registered = this.#registered(api)
    const otel = registered ? api.propagation.extract(api.ROOT_CONTEXT, metadata, metadataGetter) : api.ROOT_CONTEXT
    if (api.trace.getSpanContext(otel)) return { otel, baggage: undefined }
    const trace = this.extract(metadata)
    if (!trace) return { otel, baggage: undefined }
    return { otel: withRemoteParent(api, otel, trace), baggage: registered ? undefined : trace.baggage }
  }

  /** Writes the trace of a call for the callee. */
  inject(call: CallTrace, metadata: Metadata, api?: OpenTelemetry): void {
    if (api && call.otel && this.#registered(api)) api.propagation.inject(call.otel, metadata, metadataSetter)
    else injectTrace(call.trace, metadata, this.#formats ?? WRITTEN)
  }

  #registered(api: OpenTelemetry): boolean {
    return this.#formats === undefined && hasPropagator(api)
  }
}
