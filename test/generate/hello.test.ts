import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { generate } from 'tierkit/generate'
import { describe, expect, it } from 'vitest'
import { nativeProblemsIn, problemsIn } from './compile.js'
import { folderWith } from './fixtures.js'
import { helloContracts, helloProgram } from './hello-contracts.js'

interface Program {
  readonly kratos: () => Promise<unknown>
  readonly connect: () => Promise<unknown>
  readonly grpc: () => Promise<unknown>
  readonly guide: () => Promise<unknown>
}

/** Generates everything, with the program beside it; returns the paths of all. */
function written(): string[] {
  const folder = folderWith({ 'package.json': '{ "type": "module" }', ...helloContracts })
  const paths = generate({ files: [folder], out: folder, importExtension: '.ts' })
  const program = join(folder, 'program.ts')
  writeFileSync(program, helloProgram)
  return [...paths, program]
}

describe('the first contracts of Kratos, Connect and gRPC', () => {
  it('compile as strictly as TypeScript 6 can check', { timeout: 120_000 }, () => {
    expect(problemsIn(written())).toEqual([])
  })

  it('compile as strictly as TypeScript 7 can check', { timeout: 120_000 }, () => {
    expect(nativeProblemsIn(written())).toEqual([])
  })

  it('are served and called', { timeout: 30_000 }, async () => {
    const { kratos, connect, grpc, guide } = (await import(written().at(-1) ?? '')) as Program
    expect(await kratos()).toEqual([{ message: 'Hello Ada' }, 1])
    expect(await connect()).toEqual([
      'Sad?',
      [{ sentence: 'a!' }, { sentence: '!' }],
      [{ sentence: 'Hi Ada' }, { sentence: '' }],
    ])
    expect(await grpc()).toEqual([{ message: 'a' }, [{ message: 'b' }]])
    expect(await guide()).toEqual([
      { name: 'here', location: { latitude: 1, longitude: 0 } },
      [
        { name: '', location: { latitude: 0, longitude: 0 } },
        { name: '', location: { latitude: 0, longitude: 2 } },
      ],
      { pointCount: 2, featureCount: 0, distance: 3, elapsedTime: 0 },
      [{ message: 'hi' }],
    ])
  })
})
