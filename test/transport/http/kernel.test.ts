import { describe, expect, it } from 'vitest'
import { type SourceFile, sources } from '../../architecture/sources.js'

/** Files that hand on what is too far away to be imported: `../` goes two folders up at most. */
const DOORS = ['transport/kernel.ts', 'transport/http/browser/rpc.ts']
const FROM = /(?:import|export)\s+(?:type\s+)?\{([^}]*)\}\s+from\s+'([^']+)'/g

function namesIn({ text }: SourceFile, isFrom: (specifier: string) => boolean): string[] {
  return [...text.matchAll(FROM)]
    .filter(([, , specifier = '']) => isFrom(specifier))
    .flatMap(([, names = '']) => names.split(','))
    .map((name) =>
      name
        .trim()
        .replace(/^type\s+/, '')
        .replace(/\s+as\s.*$/s, ''),
    )
    .filter((name) => name !== '')
}

const ofTransports = sources.filter(({ path }) => path.startsWith('transport/'))

describe.each(DOORS)('%s', (door) => {
  const importers = ofTransports.filter(({ imports }) => imports.includes(door))

  it('hands on nothing that nobody takes from it', () => {
    const file = door.slice(door.lastIndexOf('/'))
    const taken = new Set(
      importers.flatMap((source) => namesIn(source, (from) => from.endsWith(file.replace('.ts', '.js')))),
    )
    const handedOn = sources.filter(({ path }) => path === door).flatMap((source) => namesIn(source, () => true))
    expect(handedOn.length).toBeGreaterThan(0)
    expect(handedOn.filter((name) => !taken.has(name))).toEqual([])
  })

  it('is only for files that cannot reach further themselves', () => {
    // `src/transport/http/server.ts` is two folders below `src`, and so needs no door.
    expect(importers.map(({ path }) => path).filter((path) => path.split('/').length < 4)).toEqual([])
  })
})

describe('the HTTP transport', () => {
  it('has no further doors: a name comes from the file that defines it', () => {
    const handingOn = ofTransports
      .filter(({ path }) => path.startsWith('transport/http/') && !path.endsWith('/index.ts'))
      .filter(({ path, text }) => !DOORS.includes(path) && /^export\s+(type\s+)?(\*|\{[^}]*\}\s+from)/m.test(text))
    expect(handingOn.map(({ path }) => path)).toEqual([])
  })
})
