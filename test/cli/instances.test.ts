import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Code } from 'tierkit/error'
import { type Instance, openRegistry, type Registry } from 'tierkit/registry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { finish, run, start } from './run.js'

const instance = (name: string, id: string): Instance => ({
  id,
  name,
  version: '1.2.0',
  metadata: { zone: 'a' },
  endpoints: ['grpc://10.0.0.7:9000', 'http://10.0.0.7:8000'],
})
const row = (name: string, id: string): string =>
  `${name}  ${id}  1.2.0  grpc://10.0.0.7:9000 http://10.0.0.7:8000  zone=a`

describe('tierkit instances', () => {
  let folder: string
  let url: string
  let registry: Registry
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'tierkit-instances-'))
    url = `file://${folder}`
    registry = openRegistry(url)
  })
  afterEach(async () => {
    await registry.close()
    await rm(folder, { recursive: true })
  })

  it('shows all services, or the instances of one, as a table', async () => {
    await registry.register(instance('orders', 'o-1'))
    await registry.register(instance('payments', 'p-10'))
    const header = 'SERVICE   INSTANCE  VERSION  ENDPOINTS                                  METADATA'
    expect(await run(['instances', url])).toEqual({
      code: 0,
      out: [
        header,
        'orders    o-1       1.2.0    grpc://10.0.0.7:9000 http://10.0.0.7:8000  zone=a',
        'payments  p-10      1.2.0    grpc://10.0.0.7:9000 http://10.0.0.7:8000  zone=a',
        '',
      ].join('\n'),
      err: '',
    })
    const { out } = await run(['instances', url, 'payments'])
    expect(out).toContain('p-10')
    expect(out).not.toContain('orders')
    expect((await run(['instances', 'static:///10.0.0.1:9000', 'any'])).out).toContain('grpc://10.0.0.1:9000')
  })

  it('exits with NOT_FOUND when a service has no instance', async () => {
    expect(await run(['instances', url, 'nobody'])).toEqual({
      code: Code.NOT_FOUND,
      out: '',
      err: 'NOT_FOUND: nobody has no instances\n',
    })
  })

  it.each([[['orders']], [[]]])('prints what comes, changes and goes, until it is interrupted: %j', async (service) => {
    const interrupt = new AbortController()
    const lines: string[] = []
    let printed = (): void => {}
    const ran = run(['instances', url, ...service, '--watch'], {
      signal: interrupt.signal,
      printed(line) {
        lines.push(line)
        printed()
      },
    })
    const line = (count: number): Promise<void> =>
      new Promise((resolve) => {
        printed = () => lines.length >= count && resolve()
        printed()
      })
    const first = await registry.register(instance('orders', 'o-1'))
    await line(1)
    await registry.register(instance('orders', 'o-2'))
    await line(2)
    await first[Symbol.asyncDispose]()
    await line(3)
    interrupt.abort()
    expect(await ran).toMatchObject({ code: 0, err: '' })
    expect(lines).toEqual([`+ ${row('orders', 'o-1')}`, `+ ${row('orders', 'o-2')}`, `- ${row('orders', 'o-1')}`])
  })

  it('ends its watch at Ctrl-C with 0', { timeout: 60_000 }, async () => {
    await registry.register(instance('orders', 'o-1'))
    const child = start('instances', url, 'orders', '--watch')
    const ended = finish(child)
    await new Promise((resolve) => child.stdout.once('data', resolve))
    child.kill('SIGINT')
    expect(await ended).toEqual({ code: 0, out: `+ ${row('orders', 'o-1')}\n`, err: '' })
  })

  it('refuses wrong arguments with 64', async () => {
    const message = async (...args: string[]) => {
      const { code, err } = await run(['instances', ...args])
      expect(code).toBe(64)
      return err
    }
    expect(await message()).toContain('expected REGISTRY-URL and at most one SERVICE')
    expect(await message('foo://x')).toContain("unknown scheme 'foo'")
    expect(await message(url, '--timeout', '0')).toContain('--timeout needs a number of milliseconds above 0, not "0"')
    expect(await message(url, '--wach')).toContain('unknown option --wach')
  })
})
