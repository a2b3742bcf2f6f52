import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { folderWith } from '../generate/fixtures.js'
import { finish, run, start } from './run.js'

const library = fileURLToPath(new URL('../generate/proto/library.fixture.ts', import.meta.url))

describe('tierkit generate --from', () => {
  it('writes .proto files from what a module exports, and leaves those as they are that have the same text', async () => {
    const out = folderWith({})
    const file = join(out, 'library/v1/library.proto')
    expect(await run(['generate', '--from', library, '--proto', out])).toEqual({ code: 0, err: '', out: `${file}\n` })
    expect(readFileSync(file, 'utf8')).toMatch(
      /^\/\/ Written by tierkit from .*library\.fixture\.ts\.\n\nsyntax = "proto3";/,
    )
    const { mtimeMs } = statSync(file)
    await run(['generate', '--from', library, '--proto', out])
    expect(statSync(file).mtimeMs).toBe(mtimeMs)
  })

  it('finds contracts in lists and objects', async () => {
    const from = folderWith({
      'a.mjs': `const method = { path: '/a.A/Get', kind: 'unary' }
        export default { services: [{ name: 'a.v1.A', methods: {} }], other: 7, deep: { er: () => {} } }
        export const text = 'a'`,
    })
    const out = folderWith({})
    const ran = await run(['generate', '--from', join(from, 'a.mjs'), '--proto', out])
    expect(ran).toEqual({ code: 0, err: '', out: `${join(out, 'a/v1/a.proto')}\n` })
    expect(readFileSync(join(out, 'a/v1/a.proto'), 'utf8')).toContain('service A {}')
  })

  it.each([
    [['--from', 'a.ts'], '--proto is missing'],
    [['--proto', 'out'], '--from is missing'],
    [['--from', 'a.ts', '--proto', 'out', 'b.proto', '--out', 'x'], 'b.proto, out does not go with it'],
    [['--from', 'nowhere.ts', '--proto', 'out'], 'there is no file nowhere.ts'],
  ])('explains the wrong arguments %o', async (args, text) => {
    const ran = await run(['generate', ...args])
    expect(ran.code).toBe(64)
    expect(ran.err).toContain(text)
  })

  it('says which module exports nothing, and which cannot be loaded and why', async () => {
    const folder = folderWith({ 'empty.mjs': 'export const a = 1', 'broken.mjs': 'throw new Error("no database")' })
    const empty = await run(['generate', '--from', join(folder, 'empty.mjs'), '--proto', folder])
    expect(empty).toMatchObject({ code: 64, err: expect.stringContaining('empty.mjs exports no contract') })
    const broken = await run(['generate', '--from', join(folder, 'broken.mjs'), '--proto', folder])
    expect(broken).toMatchObject({ code: 64, err: expect.stringContaining('broken.mjs cannot be loaded: no database') })
  })

  it('imports TypeScript under tsx', { timeout: 60_000 }, async () => {
    const out = folderWith({})
    const ran = await finish(start('generate', '--from', library, '--proto', out))
    expect(ran).toMatchObject({ code: 0, out: `${join(out, 'library/v1/library.proto')}\n` })
  })
})
