import type * as Api from '@opentelemetry/api'
import type { Context as OtelContext, TextMapGetter, TextMapSetter, Tracer, TracerProvider } from '@opentelemetry/api'
import { optionalPackage } from '../codec/library/lazy-package.js'
import { currentContext } from '../endpoint/ambient.js'
import type { Metadata } from '../endpoint/metadata.js'
import { callTraceKey, type TraceContext } from './trace-context.js'

/** The OpenTelemetry API; `undefined` if it is not installed. */
export type OpenTelemetry = typeof Api

/** Name of the tracer that all spans come from. */
const TRACER = 'tierkit'

// Asking Node for a package that it has loaded is still far too slow for every call.
let loaded: { readonly api: OpenTelemetry | undefined } | undefined

/** Loads the OpenTelemetry API when it is first asked for. */
export function openTelemetry(): OpenTelemetry | undefined {
  loaded ??= { api: optionalPackage<OpenTelemetry>('@opentelemetry/api') }
  return loaded.api
}

/** An SDK that is registered, by what is needed of it. */
export interface RegisteredSdk {
  readonly api: OpenTelemetry
  readonly tracer: Tracer
}

// Asking a provider for a tracer costs as much as a span that is not sampled.
let asked: { readonly provider: TracerProvider; readonly sdk: RegisteredSdk | undefined } | undefined

/** The SDK that the application registered; `undefined` while there is none, so that nothing need be done for it. */
export function registeredSdk(): RegisteredSdk | undefined {
  const api = openTelemetry()
  if (!api) return undefined
  const proxy: TracerProvider & Partial<Api.ProxyTracerProvider> = api.trace.getTracerProvider()
  const provider = proxy.getDelegate?.() ?? proxy
  if (asked?.provider === provider) return asked.sdk
  const tracer = proxy.getDelegateTracer ? proxy.getDelegateTracer(TRACER) : proxy.getTracer(TRACER)
  asked = { provider, sdk: tracer && { api, tracer } }
  return asked.sdk
}

/** The OpenTelemetry context of the running code: its own, or where nothing manages contexts, that of the call it serves. */
export function activeOtelContext(api: OpenTelemetry): OtelContext {
  const active = api.context.active()
  if (api.trace.getSpan(active)) return active
  return currentContext()?.get(callTraceKey)?.otel ?? active
}

/** A span's context as it travels, with the baggage of the call. */
export function traceOfSpan(span: Api.Span, baggage: string | undefined): TraceContext {
  const { traceId, spanId, traceFlags, traceState } = span.spanContext()
  return { traceId, spanId, traceFlags, traceState: traceState?.serialize() || undefined, baggage }
}

/** An OpenTelemetry context with a remote parent. */
export function withRemoteParent(api: OpenTelemetry, context: OtelContext, trace: TraceContext): OtelContext {
  const { traceId, spanId, traceFlags, traceState } = trace
  const parent: Api.SpanContext = { traceId, spanId, traceFlags, isRemote: true }
  if (traceState !== undefined) parent.traceState = api.createTraceState(traceState)
  return api.trace.setSpanContext(context, parent)
}

// Asking a propagator for its fields makes a set of them. Whoever has registered one keeps it as long as the SDK.
let propagating: TracerProvider | undefined

/** Whether the application registered a propagator. */
export function hasPropagator(api: OpenTelemetry): boolean {
  if (propagating !== undefined && propagating === asked?.provider) return true
  const has = api.propagation.fields().length > 0
  propagating = has ? asked?.provider : undefined
  return has
}

/** Lets a propagator read metadata. */
export const metadataGetter: TextMapGetter<Metadata> = {
  keys: (metadata) => [...metadata.keys()],
  get: (metadata, key) => {
    const values = metadata.getAll(key)
    // Most keys that are asked for are not there.
    if (values.length === 0) return undefined
    const texts = values.filter((value) => typeof value === 'string')
    return texts.length > 1 ? texts : texts[0]
  },
}

/** Lets a propagator write metadata. */
export const metadataSetter: TextMapSetter<Metadata> = {
  set: (metadata, key, value) => {
    metadata.set(key, value)
  },
}
