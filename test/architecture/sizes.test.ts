import { dirname } from 'node:path'
import { describe, expect, it } from 'vitest'
import { sources } from './sources.js'

const lines = (text: string): number => text.split('\n').length - 1
// Descriptors of bundled .proto files are tables, not code to read.
const code = sources.filter(({ path }) => !/codec\/(bundled|well-known|descriptors)/.test(path))
const sizes = code.map(({ text }) => lines(text)).sort((a, b) => a - b)

/** Folders that may hold more than twelve files, and why. */
const wide: Record<string, string> = {
  middleware: 'every file has one shape: options, factory',
  observability: 'every file has one shape',
}

describe('sizes', () => {
  it('no file is longer than 300 lines', () => {
    expect(code.filter(({ text }) => lines(text) > 300).map(({ path }) => path)).toEqual([])
  })

  it('the median file has at most 90 lines, nine in ten at most 200', () => {
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(90)
    expect(sizes[Math.floor(sizes.length * 0.9)]).toBeLessThanOrEqual(200)
  })

  it('no folder holds more than twelve files', () => {
    const count = new Map<string, number>()
    for (const { path } of sources) count.set(dirname(path), (count.get(dirname(path)) ?? 0) + 1)
    const full = [...count].filter(([folder, files]) => files > 12 && !(folder in wide))
    expect(full).toEqual([])
  })

  it('no import climbs more than two folders', () => {
    expect(code.filter(({ text }) => text.includes("from '../../../")).map(({ path }) => path)).toEqual([])
  })
})
