import { describe, it } from 'vitest'
import type { Requirement } from './case.js'
import { control } from './control.cases.js'
import { framing } from './framing.cases.js'
import { headerBlocks } from './header-block.cases.js'
import { hpack } from './hpack.cases.js'
import { requests } from './request.cases.js'
import { responses } from './response.cases.js'
import { verify } from './run.js'
import { settingsRules } from './settings.cases.js'
import { states } from './states.cases.js'
import { streams } from './streams.cases.js'

const all: Record<string, readonly Requirement[]> = {
  frames: framing,
  'header blocks': headerBlocks,
  'streams and their states': states,
  'streams and their errors': streams,
  'frames that control': control,
  settings: settingsRules,
  requests,
  responses,
  'compression of fields': hpack,
}

for (const [topic, requirements] of Object.entries(all)) {
  describe(`RFC 9113, ${topic}`, () => {
    for (const requirement of requirements) {
      for (const role of requirement.role === 'both' ? (['server', 'client'] as const) : [requirement.role]) {
        it(`${requirement.section}, ${role}: ${requirement.title}`, () => verify(requirement, role))
      }
    }
  })
}
