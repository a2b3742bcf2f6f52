import type { RpcError } from '../../error/rpc-error.js'

/** Told why a call was cancelled. */
export type CancelListener = (reason: RpcError) => void

/** Listeners of one call: an array while they are few, as they nearly always are, since a set costs many times as much. */
export type CancelListeners = CancelListener[] | Set<CancelListener>

const FEW = 8

/** Adds a listener, to none yet if there are none. */
export function withListener(listeners: CancelListeners | undefined, listener: CancelListener): CancelListeners {
  if (listeners === undefined) return [listener]
  if (!Array.isArray(listeners)) return listeners.add(listener)
  if (listeners.length >= FEW) return new Set(listeners).add(listener)
  // Not `push`, which would make room for sixteen more.
  return [...listeners, listener]
}

/** Removes a listener, if it is there. */
export function removeListener(listeners: CancelListeners | undefined, listener: CancelListener): void {
  if (listeners === undefined) return
  if (!Array.isArray(listeners)) {
    listeners.delete(listener)
    return
  }
  // They mostly leave in the reverse order of their coming.
  const at = listeners.lastIndexOf(listener)
  if (at === listeners.length - 1) listeners.pop()
  else if (at >= 0) listeners.splice(at, 1)
}

/** Tells a listener. What it throws is dropped: it must neither keep others from hearing nor, out of a timer, end the process. */
export function tell(listener: CancelListener, reason: RpcError): void {
  try {
    listener(reason)
  } catch {
    // As promised.
  }
}
