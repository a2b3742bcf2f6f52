import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileRegistry, openRegistry, type Registry } from 'tierkit/registry'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { registryContract } from '../contract.js'
import { Follower, instanceOf } from '../fixture.js'

registryContract('fileRegistry', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tierkit-'))
  const opened: Registry[] = []
  return {
    open: () => {
      const registry = fileRegistry(join(directory, 'services'))
      opened.push(registry)
      return registry
    },
    close: async () => {
      await Promise.all(opened.map((registry) => registry.close()))
      await rm(directory, { recursive: true })
    },
  }
})

const member = fileURLToPath(new URL('./member.ts', import.meta.url))

/** For what another process, or a busy machine, takes its time over. */
const PATIENT = { timeout: 20_000 }

describe('fileRegistry', () => {
  let directory: string
  let errors: string[]
  let registry: Registry
  let follower: Follower
  let children: ChildProcess[]

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'tierkit-'))
    errors = []
    children = []
    registry = fileRegistry(directory, { heartbeatMs: 50, pollMs: 50, onError: ({ message }) => errors.push(message) })
    follower = new Follower(registry, 'orders')
  })
  afterEach(async () => {
    for (const child of children) child.kill('SIGKILL')
    await follower.stop()
    await registry.close()
    await rm(directory, { recursive: true, force: true })
  })

  /** Another process that registers itself. */
  const spawnMember = (id: string): ChildProcess => {
    const child = spawn(process.execPath, ['--import', 'tsx', member, directory, 'orders', id], { stdio: 'inherit' })
    children.push(child)
    return child
  }
  const put = (name: string, json: unknown): Promise<void> =>
    writeFile(join(directory, name), typeof json === 'string' ? json : JSON.stringify(json))
  const entry = (id: string): Promise<string> => readFile(join(directory, `orders.${id}.json`), 'utf8')

  it('sees instances of other processes, and misses them soon after kill -9', async () => {
    const child = spawnMember('p1')
    spawnMember('p2')
    await follower.until('p1', 'p2')
    child.kill('SIGKILL')
    await follower.until('p2')
    expect(await readdir(directory)).toEqual(['orders.p2.json'])
  })

  it('misses a process that was killed but has not been waited for', async () => {
    // The shell becomes a sleep, which never waits for the child that it inherits: that one stays a zombie.
    const command = `"${process.execPath}" --import tsx "${member}" "${directory}" orders z1 & exec sleep 60`
    children.push(spawn('sh', ['-c', command], { stdio: 'inherit' }))
    await follower.until('z1')
    const { pid } = JSON.parse(await entry('z1')).process
    process.kill(pid, 'SIGKILL')
    await follower.until()
  })

  it.each([
    ['whose process is gone', { pid: 2 ** 22 + 1 }],
    ['whose pid is now that of another process', { startTime: '1' }],
  ])('takes no entry %s, and removes it', async (_which, change) => {
    await registry.register(instanceOf('orders', 'a'))
    const own = JSON.parse(await entry('a'))
    await put('orders.b.json', { ...own, id: 'b', process: { ...own.process, ...change } })
    await follower.until('a')
    await expect.poll(() => readdir(directory), PATIENT).toEqual(['orders.a.json'])
    expect(follower.sets.flat().map(({ id }) => id)).not.toContain('b')
  })

  it('goes by signs of life where it cannot ask for the process', async () => {
    const foreign = { ...instanceOf('orders', 'f'), process: { pid: process.pid, host: 'elsewhere' } }
    await put('orders.f.json', foreign)
    await follower.until('f')
    const longAgo = new Date(Date.now() - 60_000)
    await utimes(join(directory, 'orders.f.json'), longAgo, longAgo)
    await follower.until()
    expect(await readdir(directory)).toEqual([])
  })

  it('takes entries that somebody wrote by hand, for as long as they are there', async () => {
    await put('by-hand.json', { id: 'h', name: 'orders', endpoints: ['grpc://10.0.0.9:9000?isSecure=true'] })
    const [instance] = await follower.until('h')
    expect(instance).toEqual({
      id: 'h',
      name: 'orders',
      version: '',
      metadata: {},
      endpoints: ['grpcs://10.0.0.9:9000'],
    })
    await rm(join(directory, 'by-hand.json'))
    await follower.until()
  })

  it('skips what it cannot read, says so once, and goes on', async () => {
    await put('torn.json', '{"id":"x","na')
    await put('wrong.json', { id: 'x', name: 'orders', metadata: { weight: 5 } })
    await put('list.json', [])
    await put('ignored.txt', 'nothing')
    await registry.register(instanceOf('orders', 'a'))
    await follower.until('a')
    await registry.register(instanceOf('orders', 'b'))
    await follower.until('a', 'b')
    expect(errors.sort()).toEqual([
      `skipped ${join(directory, 'list.json')}: an instance must be a JSON object`,
      `skipped ${join(directory, 'torn.json')}: not JSON: "{\\"id\\":\\"x\\",\\"na"`,
      `skipped ${join(directory, 'wrong.json')}: the instance's metadata 'weight' must be a string`,
    ])
    await put('torn.json', instanceOf('orders', 'x') as unknown)
    await follower.until('a', 'b', 'x')
  })

  it('puts an entry back that somebody removed, and the directory with it', async () => {
    await registry.register(instanceOf('orders', 'a'))
    await follower.until('a')
    await rm(directory, { recursive: true })
    await expect.poll(() => entry('a').catch(() => ''), PATIENT).toContain('"orders"')
    expect(JSON.parse(await entry('a'))).toMatchObject(instanceOf('orders', 'a'))
    await follower.until('a')
  })

  it('goes on trying where it cannot write, until the signal aborts', async () => {
    const blocked = join(directory, 'blocked')
    await writeFile(blocked, 'a file, not a directory')
    const other = fileRegistry(join(blocked, 'services'), { heartbeatMs: 20, onError: (e) => errors.push(e.message) })
    const life = new AbortController()
    const registering = other.register(instanceOf('orders', 'a'), life.signal)
    const told = (): string[] => errors.filter((message) => message.startsWith("cannot register 'orders'"))
    await expect.poll(told, PATIENT).toHaveLength(1)
    await rm(blocked)
    await registering
    await other.close()
  })

  it('leaves no file behind when it is closed', async () => {
    await registry.register(instanceOf('orders', 'a'))
    await registry.close()
    expect(await readdir(directory)).toEqual([])
  })

  it('is opened by URL', async () => {
    const other = openRegistry(`file://${directory}`)
    await other.register(instanceOf('orders', 'a'))
    await follower.until('a')
    await other.close()
    expect(() => openRegistry('file:')).toThrow("registry 'file:' names no directory")
    expect(() => openRegistry('file:///tmp/shop?ttl=5')).toThrow('takes no options in its URL')
  })
})
