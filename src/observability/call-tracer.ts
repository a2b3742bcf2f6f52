import type { Context as OtelContext, Span, SpanKind, Tracer } from '@opentelemetry/api'
import { currentContext } from '../endpoint/ambient.js'
import type { Context } from '../endpoint/context.js'
import type { Endpoint } from '../endpoint/endpoint.js'
import { streamsResponses } from '../endpoint/method.js'
import { type Outcome, outcome } from '../endpoint/outcome.js'
import { tapStream } from '../endpoint/stream.js'
import {
  activeOtelContext,
  type OpenTelemetry,
  openTelemetry,
  registeredTracer,
  traceOfSpan,
} from './open-telemetry.js'
import type { TraceFormat } from './propagation.js'
import { endSpan, rpcMethod, startAttributes } from './rpc-span.js'
import { callTraceKey, newTrace } from './trace-context.js'
import { TracePropagator } from './trace-propagator.js'

const TRACER = 'tierkit'
/** The numbers of OpenTelemetry's `SpanKind`, which are fixed; they spare loading its API for two constants. */
const KIND = { server: 1, client: 2 } as const satisfies Record<string, SpanKind>

/** What a tracer of calls is told. */
export interface CallTracerInit {
  readonly propagators: readonly TraceFormat[] | undefined
  readonly target: string | undefined
}

/** A span that is open, with the context that makes it active. */
interface OpenSpan {
  readonly api: OpenTelemetry
  readonly span: Span
  readonly otel: OtelContext
}

/** A call to be made with its span active. */
interface TracedCall<Req, Res> {
  readonly next: Endpoint<Req, Res>
  readonly request: Req
  readonly context: Context
  /** Called when it ended. */
  readonly ended?: () => void
}

/** Traces single calls, on either side, with whatever SDK is registered when they are made. */
export class CallTracer {
  readonly #api: OpenTelemetry | undefined = openTelemetry()
  readonly #propagator: TracePropagator
  readonly #target: string | undefined
  #tracer: Tracer | undefined

  constructor({ propagators, target }: CallTracerInit) {
    this.#propagator = new TracePropagator(propagators)
    this.#target = target
  }

  serve<Req, Res>(next: Endpoint<Req, Res>, request: Req, context: Context): Promise<Res> {
    const api = this.#recording()
    if (!api) {
      context.set(callTraceKey, { trace: this.#propagator.extract(context.metadata) ?? newTrace(), otel: undefined })
      return next(request, context)
    }
    const { otel: parent, baggage } = this.#propagator.extractOtel(api, context.metadata)
    const open = this.#open(api, context, parent)
    context.set(callTraceKey, { trace: traceOfSpan(open.span, baggage), otel: open.otel })
    return runInSpan(open, { next, request, context })
  }

  call<Req, Res>(next: Endpoint<Req, Res>, request: Req, context: Context): Promise<Res> {
    const api = this.#recording()
    const serving = currentContext()?.get(callTraceKey)
    if (!api) {
      if (serving) {
        context.set(callTraceKey, serving)
        this.#propagator.inject(serving, context.metadata)
      }
      return next(request, context)
    }
    const open = this.#open(api, context, activeOtelContext(api))
    const call = { trace: traceOfSpan(open.span, serving?.trace.baggage), otel: open.otel }
    context.set(callTraceKey, call)
    this.#propagator.inject(call, context.metadata, api)
    return runInSpan(open, { next, request, context })
  }

  async attempt<Req, Res>(next: Endpoint<Req, Res>, request: Req, context: Context): Promise<Res> {
    const api = this.#recording()
    if (!api) return next(request, context)
    const call = context.get(callTraceKey)
    const open = this.#open(api, context, call?.otel ?? activeOtelContext(api), 'Attempt.')
    // Attempts may overlap: each sends its own span, on metadata of its own.
    const attempt = context.derive({ metadata: context.metadata.clone() })
    const trace = traceOfSpan(open.span, call?.trace.baggage)
    this.#propagator.inject({ trace, otel: open.otel }, attempt.metadata, api)
    return runInSpan(open, { next, request, context: attempt, ended: () => attempt.finish() })
  }

  /** The API, if an SDK is behind it. */
  #recording(): OpenTelemetry | undefined {
    if (!this.#tracer && this.#api) this.#tracer = registeredTracer(this.#api, TRACER)
    return this.#tracer && this.#api
  }

  #open(api: OpenTelemetry, context: Context, parent: OtelContext, prefix = ''): OpenSpan {
    const name = prefix + rpcMethod(context.method)
    const attributes = startAttributes(context, this.#target)
    const tracer = this.#tracer ?? api.trace.getTracer(TRACER)
    const span = tracer.startSpan(name, { kind: KIND[context.side], attributes }, parent)
    return { api, span, otel: api.trace.setSpan(parent, span) }
  }
}

/** Makes the call with the span active, its response stream too; the span ends with the call. */
async function runInSpan<Req, Res>({ api, span, otel }: OpenSpan, call: TracedCall<Req, Res>): Promise<Res> {
  const { next, request, context, ended } = call
  const end = (result: Outcome): void => {
    endSpan(span, context, result)
    ended?.()
  }
  const observed = ended !== undefined || span.isRecording()
  const run = () => (observed ? outcome(next, request, context, { end }) : next(request, context))
  const response = await api.context.with(otel, run)
  if (!streamsResponses(context.method.kind)) return response
  return tapStream(response as AsyncIterable<unknown>, { step: (take) => api.context.with(otel, take) }) as Res
}
