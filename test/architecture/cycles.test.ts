import { expect, it } from 'vitest'
import { sources } from './sources.js'

it('no file takes part in an import cycle', () => {
  const graph = new Map(sources.map(({ path, imports }) => [path, imports]))
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) cycles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
    if (done.has(path) || trail.includes(path)) return
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path])
    done.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  expect(cycles).toEqual([])
})

it('every import leads to a file', () => {
  const files = new Set(sources.map(({ path }) => path))
  const dangling = sources.flatMap(({ path, imports }) =>
    imports.filter((target) => !files.has(target)).map((target) => `${path} -> ${target}`),
  )
  expect(dangling).toEqual([])
})
