import type promClient from 'prom-client'
import type { Counter, Registry } from 'prom-client'
import { lazyPackage } from '../codec/library/lazy-package.js'

const BREACHES = {
  name: 'tierkit_http2_breaches_total',
  help: 'Number of times that a peer broke a limit of HTTP/2, by limit.',
  labelNames: ['limit'] as const,
}

/** Counts a broken limit of HTTP/2 in prom-client, in its default registry unless another is named. */
export function countBreach(limit: string, registry?: Registry): void {
  // Loaded by the first breach: most processes see none.
  const { Counter, register } = lazyPackage<typeof promClient>('prom-client')
  const scraped = registry ?? register
  const known = scraped.getSingleMetric(BREACHES.name) as Counter<'limit'> | undefined
  const counter = known ?? new Counter({ ...BREACHES, registers: [scraped] })
  counter.inc({ limit })
}
