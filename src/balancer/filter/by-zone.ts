import type { NodeFilter } from '../balancer.js'

/** What to do where a zone has nobody. */
export interface ByZoneOptions {
  /** Take the nodes of all zones rather than none. On by default. */
  readonly fallback?: boolean | undefined
}

/** Keeps the nodes whose instance says in its metadata that it runs in `zone`. */
export function byZone(zone: string, options: ByZoneOptions = {}): NodeFilter {
  const { fallback = true } = options
  return (nodes) => {
    const near = nodes.filter(({ instance }) => instance.metadata.zone === zone)
    return near.length === 0 && fallback ? nodes : near
  }
}
