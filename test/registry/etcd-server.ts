import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { describe, it } from 'vitest'

/** A real etcd of one member, with its data in a directory of its own. */
export interface EtcdServer {
  /** `127.0.0.1:PORT`, the same for life. */
  readonly host: string
  /** Ends it with SIGKILL; the data stays. */
  kill(): Promise<void>
  /** Starts it again, with its data or with none. */
  restart(options?: { empty?: boolean }): Promise<void>
  /** SIGSTOP: it stays connected and says nothing. */
  pause(): void
  resume(): void
  /** Ends it for good and removes the data. */
  stop(): Promise<void>
}

const installed = spawnSync('etcd', ['--version']).status === 0

/** `describe` for tests that need etcd: skipped, loudly, where it is not installed; a failure where `CI=true`. */
export function describeWithEtcd(name: string, tests: () => void): void {
  if (installed) {
    describe(name, tests)
    return
  }
  if (process.env.CI === 'true') {
    it(`${name}: etcd is installed`, () => {
      throw new Error('etcd is not on the PATH')
    })
    return
  }
  console.warn(`SKIPPED: ${name}: etcd is not on the PATH (Debian: apt-get install etcd-server)`)
  describe.skip(name, tests)
}

/** How an etcd is started. */
export interface EtcdServerOptions {
  /** `https` takes certificates among the flags. */
  readonly scheme?: 'http' | 'https'
  /** More for the command line. */
  readonly flags?: readonly string[]
}

/** Starts an etcd and waits until it serves. */
export async function startEtcd({ scheme = 'http', flags = [] }: EtcdServerOptions = {}): Promise<EtcdServer> {
  const [clients = 0, peers = 0, metrics = 0] = await freePorts(3)
  const directory = await mkdtemp(join(tmpdir(), 'tierkit-etcd-'))
  const run = (): ChildProcess => runEtcd({ directory, scheme, clients, peers, metrics }, flags)
  let child = run()
  await healthy(metrics, child)
  const end = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  return {
    host: `127.0.0.1:${clients}`,
    kill: end,
    restart: async ({ empty = false } = {}) => {
      await end()
      if (empty) await rm(directory, { recursive: true, force: true })
      child = run()
      await healthy(metrics, child)
    },
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
    stop: async () => {
      await end()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

interface Place {
  readonly directory: string
  readonly scheme: string
  readonly clients: number
  readonly peers: number
  /** Where health is told, without TLS. */
  readonly metrics: number
}

function runEtcd({ directory, scheme, clients, peers, metrics }: Place, flags: readonly string[]): ChildProcess {
  const [client, peer] = [`${scheme}://127.0.0.1:${clients}`, `http://127.0.0.1:${peers}`]
  const args = ['--data-dir', directory, '--listen-client-urls', client, '--advertise-client-urls', client]
  const peerArgs = ['--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer]
  const rest = [
    '--listen-metrics-urls',
    `http://127.0.0.1:${metrics}`,
    '--initial-cluster',
    `default=${peer}`,
    '--logger',
    'zap',
    '--log-level',
    'fatal',
    ...flags,
  ]
  const child = spawn('etcd', [...args, ...peerArgs, ...rest], { stdio: 'ignore' })
  // A run that is broken off must not leave it behind.
  const kill = (): void => void child.kill('SIGKILL')
  process.once('exit', kill)
  child.once('exit', () => process.off('exit', kill))
  return child
}

async function healthy(port: number, child: ChildProcess): Promise<void> {
  for (let attempt = 0; attempt < 400; attempt += 1) {
    if (child.exitCode !== null) throw new Error(`etcd ended with ${child.exitCode}`)
    const response = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined)
    if (response && ((await response.json()) as { health?: string }).health === 'true') return
    await wait(50)
  }
  throw new Error('etcd did not become healthy')
}

/** Ports that nobody listens on. */
async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer().listen(0, '127.0.0.1')
      await once(server, 'listening')
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as { port: number }).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
