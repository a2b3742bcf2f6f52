import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from './sources.js'

const read = (file: string): string => readFileSync(join(root, file), 'utf8')
const manifest = JSON.parse(read('package.json')) as { exports: Record<string, { default: string; types: string }> }
const subpaths = Object.keys(manifest.exports).filter((subpath) => subpath !== './package.json')
const sourceOf = (subpath: string): string =>
  (manifest.exports[subpath]?.default ?? '').replace('./dist/', 'src/').replace(/\.js$/, '.ts')
const nameOf = (subpath: string): string => `tierkit${subpath.slice(1)}`

describe('exports', () => {
  it.each(subpaths)('%s mirrors a source file, types first', (subpath) => {
    expect(existsSync(join(root, sourceOf(subpath)))).toBe(true)
    expect(Object.keys(manifest.exports[subpath] ?? {})).toEqual(['types', 'default'])
    expect(manifest.exports[subpath]?.types).toBe(manifest.exports[subpath]?.default.replace(/\.js$/, '.d.ts'))
  })

  it('typedoc reads every subpath', () => {
    const typedoc = JSON.parse(read('typedoc.json')) as { entryPoints: string[] }
    expect([...typedoc.entryPoints].sort()).toEqual(subpaths.map(sourceOf).sort())
  })

  it('the README table names every subpath', () => {
    const rows = [...read('README.md').matchAll(/^\| `(tierkit[^`]*)` \|/gm)].map((match) => match[1])
    expect(rows.sort()).toEqual(subpaths.map(nameOf).sort())
  })

  it('every folder of src has a page in docs', () => {
    const folders = new Set(
      subpaths.map((subpath) => sourceOf(subpath).split('/')[1] ?? '').filter((name) => !name.endsWith('.ts')),
    )
    const missing = [...folders].filter((folder) => !existsSync(join(root, 'docs', `${folder}.md`)))
    expect(missing).toEqual([])
  })
})
