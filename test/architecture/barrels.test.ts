import { describe, expect, it } from 'vitest'
import { sources } from './sources.js'

const barrels = sources.filter(({ path }) => path.endsWith('index.ts'))

describe('barrels', () => {
  it.each(barrels.map(({ path, text }) => [path, text]))(
    '%s holds a sentence and explicit exports only',
    (_path, text) => {
      const statements = text
        .replace(/\/\*[\s\S]*?\*\//g, '')
        .replace(/^\s*\/\/.*$/gm, '')
        .replace(/export\s+(type\s+)?\{[^}]*\}\s+from\s+'[^']+';?/g, '')
        .trim()
      expect(statements).toBe('')
      expect(text).toMatch(/^\/\*\*[\s\S]*@module/)
    },
  )

  it('the front door stays small', () => {
    const front = barrels.find(({ path }) => path === 'index.ts')
    expect(front?.text.split('\n').length).toBeLessThanOrEqual(60)
  })
})
