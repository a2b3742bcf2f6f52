import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { createApp } from 'tierkit/app'
import { afterEach, describe, expect, it } from 'vitest'
import { settle } from '../client/fake-channel.js'
import { fakeServer, silent } from './fake-parts.js'

const children: ChildProcess[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

/** Runs the fixture and collects its lines. */
function runFixture(mode: string) {
  const fixture = fileURLToPath(new URL('./fixtures/lifecycle.ts', import.meta.url))
  const child = spawn(process.execPath, ['--import', 'tsx', fixture, mode], { stdio: ['ignore', 'pipe', 'inherit'] })
  children.push(child)
  const lines: string[] = []
  const waiting: { text: string; found(): void }[] = []
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    for (const { text, found } of waiting) if (line === text) found()
  })
  return {
    child,
    lines,
    said: (text: string) =>
      new Promise<void>((found) => {
        if (lines.includes(text)) found()
        else waiting.push({ text, found })
      }),
    exit: once(child, 'close').then(([code]) => code as number | null),
  }
}

describe('run', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('stops at %s and ends with exit code 0', async (signal) => {
    const { child, lines, said, exit } = runFixture('plain')
    await said('serving')
    child.kill(signal)
    expect(await exit).toBe(0)
    expect(lines).toEqual(['serving', 'stopped', 'after run'])
  })

  it('ends although something is left that keeps the process alive', async () => {
    const { child, said, exit } = runFixture('leaky')
    await said('serving')
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
  })

  it('ends at once with exit code 1 at a second signal', async () => {
    const { child, said, exit } = runFixture('stuck')
    await said('serving')
    child.kill('SIGTERM')
    await said('stopping')
    child.kill('SIGTERM')
    expect(await exit).toBe(1)
  })

  it('ends with exit code 1 if something fails while stopping', async () => {
    const { child, lines, said, exit } = runFixture('failing')
    await said('serving')
    child.kill('SIGTERM')
    expect(await exit).toBe(1)
    expect(lines.join()).toContain('database did not stop: busy')
  })

  it('breaks off the start at a signal', async () => {
    const { child, said, exit } = runFixture('starting')
    await said('starting')
    child.kill('SIGTERM')
    expect(await exit).toBe(0)
  })

  it('ends with what went wrong if the start fails', async () => {
    const app = createApp({
      name: 'notes',
      logger: silent,
      middleware: [],
      admin: false,
      servers: [fakeServer('grpc', [], { listen: () => Promise.reject(new Error('no port')) })],
    })
    await expect(app.run()).rejects.toThrow('notes did not start: servers did not start: no port')
  })

  it('returns when the app is stopped otherwise, and leaves no listener or timer behind', async () => {
    const state = () => [
      process.listenerCount('SIGTERM'),
      process.listenerCount('SIGINT'),
      process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length,
    ]
    const before = state()
    const app = createApp({ name: 'notes', logger: silent, middleware: [], admin: false })
    const running = app.run()
    await settle()
    expect(state()).not.toEqual(before)
    await app.stop()
    await running
    expect(state()).toEqual(before)
  })
})
