import type { Context } from '../endpoint/context.js'
import type { Endpoint } from '../endpoint/endpoint.js'
import { type CallObserver, type Outcome, outcome } from '../endpoint/outcome.js'

/**
 * Like `outcome`, but as the caller sees it: a call that is cancelled, or whose deadline passes, has ended then and with
 * that, even if its handler goes on and comes to another end. For everything that reports calls; what `end` throws is
 * dropped, as no call fails for its report.
 */
export function observeCall<Req, Res>(
  next: Endpoint<Req, Res>,
  request: Req,
  context: Context,
  observer: CallObserver,
): Promise<Res> {
  return outcome(next, request, context, asCallerSees(context, observer))
}

function asCallerSees(context: Context, observer: CallObserver): CallObserver {
  const start = context.clock.now()
  let ended = false
  const end = (result: Outcome): void => {
    if (ended) return
    ended = true
    stop?.()
    try {
      observer.end(result)
    } catch {
      // Thrown from here it would fail the call, or from the timer of a deadline the process.
    }
  }
  // Called at once, before there is anything to stop, if the call was cancelled already.
  let stop: (() => void) | undefined
  stop = context.onCancel((error) => end({ code: error.code, error, durationMs: context.clock.now() - start }))
  const view: CallObserver = { end }
  // Streams are only tapped for who wants to see their messages.
  if (observer.request) view.request = (message) => observer.request?.(message)
  if (observer.response) view.response = (message) => observer.response?.(message)
  return view
}
