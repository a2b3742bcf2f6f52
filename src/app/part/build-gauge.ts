import type { Gauge, Registry } from 'prom-client'
import { tierkitVersion } from './tierkit-version.js'

/** What runs. */
export interface Build {
  /** Name of the service. */
  readonly name: string
  /** Version of the service. */
  readonly version: string
}

const DESCRIPTION = {
  name: 'tierkit_build_info',
  help: 'What runs, as labels: versions of tierkit, Node and the service. Always 1.',
  labelNames: ['version', 'node_version', 'name', 'service_version'],
} as const

type BuildGauge = Gauge<(typeof DESCRIPTION.labelNames)[number]>

/**
 * Shows what runs in the registries that it is called with: as labels of the gauge `tierkit_build_info`, which is always 1.
 * `version` is that of tierkit.
 */
export function buildGauge({ name, version }: Build): (registry: Registry) => Promise<void> {
  return async (registry) => {
    const labels = { version: tierkitVersion(), node_version: process.version, name, service_version: version }
    const { Gauge } = await import('prom-client')
    // Looked for each time: registries can be cleared, and are shared by the apps of a process.
    const known = registry.getSingleMetric(DESCRIPTION.name) as BuildGauge | undefined
    const gauge = known ?? new Gauge({ ...DESCRIPTION, registers: [registry] })
    gauge.set(labels, 1)
  }
}
