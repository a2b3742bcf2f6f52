import { describe, expect, it } from 'vitest'
import { sources } from './sources.js'

const hole = /\bas any\b|: any\b|<any\b|, any\b|as unknown as|@ts-ignore|@ts-expect-error|@ts-nocheck/g
const banned = /\b(util|utils|helper|helpers|manager|base|abstract|common|impl)\b/

describe('escapes', () => {
  it('there is at most one hole in the types a thousand lines', () => {
    const holes = sources.flatMap(({ path, text }) => (text.match(hole) ?? []).map((found) => `${path}: ${found}`))
    const total = sources.reduce((sum, { text }) => sum + text.split('\n').length, 0)
    expect(holes.length, holes.join('\n')).toBeLessThanOrEqual(Math.ceil(total / 1000) + 6)
  })

  it('there is no enum, namespace, parameter property or global augmentation', () => {
    const wrong = sources.filter(({ text }) =>
      /^\s*(export\s+)?(const\s+)?enum\s|^\s*declare (module|global)|^\s*(export\s+)?namespace\s/m.test(text),
    )
    expect(wrong.map(({ path }) => path)).toEqual([])
  })

  it('files are named for what they hold, in kebab case', () => {
    const wrong = sources.map(({ path }) => path).filter((path) => !/^[a-z0-9/-]+\.ts$/.test(path) || banned.test(path))
    expect(wrong).toEqual([])
  })
})
