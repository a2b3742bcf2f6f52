import type { Context as OtelContext, Span, SpanKind } from '@opentelemetry/api'
import { currentContext } from '../endpoint/ambient.js'
import type { Context } from '../endpoint/context.js'
import { lazyValue } from '../endpoint/context-value.js'
import type { Endpoint } from '../endpoint/endpoint.js'
import { streamsResponses } from '../endpoint/method.js'
import type { Outcome } from '../endpoint/outcome.js'
import { tapStream } from '../endpoint/stream.js'
import { observeCall } from './observe-call.js'
import {
  activeOtelContext,
  type OpenTelemetry,
  openTelemetry,
  type RegisteredSdk,
  registeredSdk,
  traceOfSpan,
} from './open-telemetry.js'
import type { TraceFormat } from './propagation.js'
import { endSpan, nameServer, rpcMethod, startAttributes } from './rpc-span.js'
import { type CallTrace, callTraceKey, newTrace } from './trace-context.js'
import { TracePropagator } from './trace-propagator.js'

/** The numbers of OpenTelemetry's `SpanKind`, which are fixed; they spare loading its API for two constants. */
const KIND = { server: 1, client: 2 } as const satisfies Record<string, SpanKind>

/** What a tracer of calls is told. */
export interface CallTracerInit {
  readonly propagators: readonly TraceFormat[] | undefined
  readonly target: string | undefined
}

/** A call, and how it is made. */
export interface TracedCall<Req, Res> {
  readonly next: Endpoint<Req, Res>
  readonly request: Req
  readonly context: Context
}

/** A span that is open, with the context that makes it active. */
interface OpenSpan {
  readonly api: OpenTelemetry
  readonly span: Span
  readonly otel: OtelContext
  /** The span says which server is called. */
  readonly named: boolean
}

/** Traces single calls, on either side, with whatever SDK is registered when they are made. */
export class CallTracer {
  readonly #propagator: TracePropagator
  readonly #target: string | undefined
  /** The trace that a call came with, or a new one: read when somebody asks. */
  readonly #received = lazyValue<CallTrace>(({ metadata }) => {
    return { trace: this.#propagator.extract(metadata) ?? newTrace(), otel: undefined }
  })

  constructor({ propagators, target }: CallTracerInit) {
    this.#propagator = new TracePropagator(propagators)
    this.#target = target
    // Loaded now rather than within the first call.
    openTelemetry()
  }

  /** Serves a call, in the trace of the caller or a new one. */
  serve<Req, Res>(call: TracedCall<Req, Res>): Promise<Res> {
    const { next, request, context } = call
    const sdk = registeredSdk()
    if (!sdk) {
      context.set(callTraceKey, this.#received)
      return next(request, context)
    }
    const { otel: parent, baggage } = this.#propagator.extractOtel(sdk.api, context.metadata)
    const open = this.#open(sdk, context, parent)
    context.set(callTraceKey, { trace: traceOfSpan(open.span, baggage), otel: open.otel })
    return runInSpan(open, call)
  }

  /** Makes a call, in the trace of the running code, and sends that on. */
  make<Req, Res>(call: TracedCall<Req, Res>): Promise<Res> {
    const { next, request, context } = call
    const sdk = registeredSdk()
    const serving = currentContext()?.get(callTraceKey)
    if (!sdk) {
      if (serving) this.#send(serving, context)
      return next(request, context)
    }
    const open = this.#open(sdk, context, activeOtelContext(sdk.api))
    this.#send({ trace: traceOfSpan(open.span, serving?.trace.baggage), otel: open.otel }, context, sdk.api)
    return runInSpan(open, call)
  }

  /** Makes an attempt of a call, within the span of that, and sends its own on. */
  attempt<Req, Res>({ next, request, context }: TracedCall<Req, Res>): Promise<Res> {
    const sdk = registeredSdk()
    if (!sdk) return next(request, context)
    const { api } = sdk
    const made = context.get(callTraceKey)
    const open = this.#open(sdk, context, made?.otel ?? activeOtelContext(api))
    open.span.updateName(`Attempt.${rpcMethod(context.method)}`)
    // Attempts may overlap: each sends its own span, on metadata of its own.
    const attempt = context.derive({ metadata: context.metadata.clone() })
    const trace = traceOfSpan(open.span, made?.trace.baggage)
    this.#propagator.inject({ trace, otel: open.otel }, attempt.metadata, api)
    return runInSpan(open, { next, request, context: attempt }, () => attempt.finish())
  }

  #send(trace: CallTrace, context: Context, api?: OpenTelemetry): void {
    context.set(callTraceKey, trace)
    this.#propagator.inject(trace, context.metadata, api)
  }

  #open({ api, tracer }: RegisteredSdk, context: Context, parent: OtelContext): OpenSpan {
    const attributes = startAttributes(context, this.#target)
    const span = tracer.startSpan(rpcMethod(context.method), { kind: KIND[context.side], attributes }, parent)
    return { api, span, otel: api.trace.setSpan(parent, span), named: this.#target !== undefined }
  }
}

/** Makes the call with the span active, its response stream too; the span ends with the call. */
function runInSpan<Req, Res>(open: OpenSpan, call: TracedCall<Req, Res>, ended?: () => void): Promise<Res> {
  const { api, span, otel } = open
  const { next, request, context } = call
  const end = (result: Outcome): void => {
    if (!open.named) nameServer(span, context)
    endSpan(span, context, result)
    ended?.()
  }
  const observed = ended !== undefined || span.isRecording()
  const run = () => (observed ? observeCall(next, request, context, [{ end }]) : next(request, context))
  const response = api.context.with(otel, run)
  if (!streamsResponses(context.method.kind)) return response
  const active = <R>(step: () => R): R => api.context.with(otel, step)
  return response.then((stream) => tapStream(stream as AsyncIterable<unknown>, { step: active, close: active }) as Res)
}
