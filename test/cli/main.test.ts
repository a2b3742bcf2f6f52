import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { finish, run, start } from './run.js'

describe('tierkit', () => {
  it('tells its version, and what it can do', async () => {
    const { version } = JSON.parse(await readFile(new URL('../../package.json', import.meta.url), 'utf8'))
    expect(await run(['--version'])).toEqual({ code: 0, out: `${version}\n`, err: '' })
    expect(await run(['help'])).toEqual(await run(['-h']))
    const help = await run(['--help'])
    expect(help).toMatchObject({ code: 0, err: '' })
    for (const name of ['generate', 'call', 'instances']) expect(help.out).toContain(`tierkit ${name}`)
  })

  it('exits as a process with what it says', { timeout: 60_000 }, async () => {
    expect(await finish(start('sing'))).toMatchObject({ code: 64, out: '', err: expect.stringContaining('"sing"') })
  })

  it('refuses a missing and an unknown command with 64', async () => {
    expect(await run([])).toMatchObject({ code: 64, out: '', err: expect.stringContaining('a command is missing') })
    expect(await run(['constructor'])).toEqual({
      code: 64,
      out: '',
      err: 'tierkit: unknown command "constructor": there are call, check, describe, generate, instances, openapi\n',
    })
  })
})
