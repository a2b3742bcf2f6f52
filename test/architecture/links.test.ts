import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { filesBelow, root } from './sources.js'

const top = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md']
const pages = [...top, ...filesBelow('docs', '.md'), ...filesBelow('examples', '.md')]

it('every relative link of a page leads to a file', () => {
  const dead = pages
    .filter((page) => !page.startsWith('docs/api/'))
    .flatMap((page) => {
      const prose = readFileSync(join(root, page), 'utf8').replace(/```[\s\S]*?```/g, '')
      const targets = [...prose.matchAll(/\]\(([^)#\s]+)/g)].map(([, target]) => target ?? '')
      return targets
        .filter((target) => !/^[a-z]+:/.test(target) && !existsSync(join(root, dirname(page), target)))
        .map((target) => `${page} -> ${target}`)
    })
  expect(dead).toEqual([])
})
