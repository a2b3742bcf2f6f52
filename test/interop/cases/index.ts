import type { Case } from './case.js'

export { compressionCases } from './compression.js'

import { metadataCases } from './metadata.js'
import { type SoakOptions, soakCases } from './soak.js'
import { streamCases } from './streams.js'
import { unaryCases } from './unary.js'

/** The fourteen plain cases. */
export const plainCases: Readonly<Record<string, Case>> = { ...unaryCases, ...streamCases, ...metadataCases }

/** All cases by their standard names. */
export function allCases(soak: SoakOptions): Readonly<Record<string, Case>> {
  return { ...plainCases, ...soakCases(soak) }
}
