import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root, sources } from './sources.js'

const index = sources.find(({ path }) => path === 'middleware/index.ts')?.text ?? ''
const docs = existsSync(join(root, 'docs/middleware.md')) ? readFileSync(join(root, 'docs/middleware.md'), 'utf8') : ''
const camel = (kebab: string): string => kebab.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase())

// A middleware is a file of this folder whose function of the same name gives a Middleware.
const middleware = sources
  .filter(({ path }) => /^middleware\/[a-z-]+\.ts$/.test(path) && path !== 'middleware/index.ts')
  .map(({ path, text }) => ({ path, text, name: camel(path.slice('middleware/'.length, -'.ts'.length)) }))
  .filter(({ text, name }) => new RegExp(`export function ${name}\\([\\s\\S]*?\\): Middleware\\b`).test(text))

describe('middleware', () => {
  it('is there', () => expect(middleware.length).toBeGreaterThan(8))

  it.each(middleware.map(({ name, path, text }) => [name, path, text]))(
    '%s has its contract, test, export and page',
    (name, path, text) => {
      expect(text, 'an options type, or arguments').toMatch(/export interface \w+Options|\.\.\.\w+: |: \w+/)
      expect(text, 'a paragraph above the factory').toMatch(new RegExp(`\\*/\\s*export function ${name}\\b`))
      expect(existsSync(join(root, 'test', path.replace(/\.ts$/, '.test.ts'))), 'a test of its own').toBe(true)
      expect(index, 'an export').toContain(name)
      expect(docs, 'a place in docs/middleware.md').toContain(`\`${name}`)
    },
  )
})
