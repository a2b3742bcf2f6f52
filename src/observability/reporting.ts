import type { Context } from '../endpoint/context.js'
import type { Endpoint } from '../endpoint/endpoint.js'
import type { CallObserver } from '../endpoint/outcome.js'
import { observeCall } from './observe-call.js'

/** Says who wants to see a call that begins. */
export type Reporter = (context: Context) => CallObserver

const reporters: unique symbol = Symbol('reporters')

/** An endpoint that reports its calls, and knows how. */
interface ReportingEndpoint<Req, Res> extends Endpoint<Req, Res> {
  [reporters]?: { readonly all: readonly Reporter[]; readonly next: Endpoint<Req, Res> }
}

/**
 * An endpoint whose calls `report` sees, as `observeCall` shows them. Where the next endpoint only reports, too, both see
 * the call in one go: what is as good as the same, and costs half.
 */
export function reporting<Req, Res>(report: Reporter, next: Endpoint<Req, Res>): Endpoint<Req, Res> {
  const inner = (next as ReportingEndpoint<Req, Res>)[reporters]
  const all = [report, ...(inner?.all ?? [])]
  const target = inner?.next ?? next
  const endpoint: ReportingEndpoint<Req, Res> = function reported(request, context) {
    const observers: CallObserver[] = []
    for (const reporter of all) observers.push(reporter(context))
    return observeCall(target, request, context, observers)
  }
  endpoint[reporters] = { all, next: target }
  // Named for the middleware that it is, as inner functions are everywhere.
  return Object.defineProperty(endpoint, 'name', { value: report.name })
}
