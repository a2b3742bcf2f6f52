import { describe, it } from 'vitest'
import type { Requirement } from './case.js'
import { contentLengths } from './cases/content-length.cases.js'
import { control } from './cases/control.cases.js'
import { framing } from './cases/framing.cases.js'
import { headerBlocks } from './cases/header-block.cases.js'
import { hpack } from './cases/hpack.cases.js'
import { preface } from './cases/preface.cases.js'
import { requests } from './cases/request.cases.js'
import { responses } from './cases/response.cases.js'
import { settingsRules } from './cases/settings.cases.js'
import { states } from './cases/states.cases.js'
import { streams } from './cases/streams.cases.js'
import { verify } from './run.js'

const all: Record<string, readonly Requirement[]> = {
  preface,
  frames: framing,
  'header blocks': headerBlocks,
  'streams and their states': states,
  'streams and their errors': streams,
  'frames that control': control,
  settings: settingsRules,
  requests,
  'content-length': contentLengths,
  responses,
  'compression of fields': hpack,
}

for (const [topic, requirements] of Object.entries(all)) {
  describe(`RFC 9113, ${topic}`, () => {
    for (const requirement of requirements) {
      for (const role of requirement.role === 'both' ? (['server', 'client'] as const) : [requirement.role]) {
        it(`${requirement.section}, ${role}: ${requirement.title}`, () => {
          verify(requirement, role)
          // What a closed stream is depends on whether both sides ended it; all else is the same.
          if (role === 'client' && requirement.section !== '5.1') verify(requirement, role, true)
        })
      }
    }
  })
}
