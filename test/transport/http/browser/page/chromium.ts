import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'vitest'

const program = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'].find(
  (name) => spawnSync(name, ['--version']).status === 0,
)

/** `describe` for tests that need Chromium: skipped, loudly, where it is not installed; a failure where `CI=true`. */
export function describeWithChromium(name: string, tests: () => void): void {
  if (program) {
    describe(name, tests)
    return
  }
  if (process.env.CI === 'true') {
    it(`${name}: Chromium is installed`, () => {
      throw new Error('neither chromium nor google-chrome is on the PATH')
    })
    return
  }
  console.warn(`SKIPPED: ${name}: neither chromium nor google-chrome is on the PATH (Debian: apt-get install chromium)`)
  describe.skip(name, tests)
}

/** A browser that shows one page. */
export interface Browser {
  /** What it wrote to its log. */
  log(): string
  close(): Promise<void>
}

/** Shows a page in a browser that nobody sees, with a profile of its own. */
export async function openPage(url: string): Promise<Browser> {
  const profile = await mkdtemp(join(tmpdir(), 'tierkit-chromium-'))
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run']
  const quiet = [
    '--disable-extensions',
    '--disable-background-networking',
    '--disable-sync',
    '--disable-component-update',
  ]
  const own = ['--ignore-certificate-errors', '--enable-logging=stderr', `--user-data-dir=${profile}`]
  const child = spawn(program ?? '', [...flags, ...quiet, ...own, '--remote-debugging-port=0', url], {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
  })
  let log = ''
  child.stderr.on('data', (chunk) => {
    log += chunk
  })
  const kill = (): void => killAll(child)
  // A run that is broken off must not leave it behind.
  process.once('exit', kill)
  return {
    log: () => log,
    async close() {
      process.off('exit', kill)
      const exited = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined
      kill()
      await exited
      await rm(profile, { recursive: true, force: true, maxRetries: 10 })
    },
  }
}

/** Ends a program with those that it started. */
function killAll({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL')
  } catch {
    // It is gone already.
  }
}
