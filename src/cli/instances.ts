import { setTimeout as wait } from 'node:timers/promises'
import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import { openRegistry } from '../registry/open-registry.js'
import type { Instance, Registry } from '../registry/registry.js'
import { readArguments, readMs } from './arguments.js'
import { asUsage, type Command, type Terminal, UsageError } from './command.js'
import { table } from './table.js'

const HELP = `tierkit instances REGISTRY-URL [SERVICE] [--watch]

Shows who is registered: etcd://host:2379, file:///tmp/shop, static:///a:9000,b:9000

  --watch       go on, and print each change: + came, ~ changed, - went
  --timeout MS  how long the registry may take to answer; 5000 by default

Exits with 0; with 5 (NOT_FOUND) if SERVICE has no instance; with 14 (UNAVAILABLE) if the registry does not answer.`

/** `tierkit instances`. */
export const instances: Command = async (args, terminal) => {
  const { values, positionals } = readArguments(args, {
    help: { type: 'boolean', short: 'h' },
    watch: { type: 'boolean', short: 'w' },
    timeout: { type: 'string' },
  })
  if (values.help) {
    await terminal.print(HELP)
    return 0
  }
  const [url, service, ...more] = positionals
  if (url === undefined || more.length > 0)
    throw new UsageError(`expected REGISTRY-URL and at most one SERVICE\n\n${HELP}`)
  const timeoutMs = readMs('--timeout', values.timeout) ?? 5000
  const registry = asUsage(() => openRegistry(url))
  try {
    if (values.watch) return await follow(registry, service, terminal)
    return await list(registry, service, { terminal, timeoutMs })
  } finally {
    await registry.close()
  }
}

interface ListOptions {
  readonly terminal: Terminal
  readonly timeoutMs: number
}

async function list(registry: Registry, service: string | undefined, options: ListOptions): Promise<number> {
  const { terminal, timeoutMs } = options
  const signal = AbortSignal.any([terminal.signal, AbortSignal.timeout(timeoutMs)])
  const names = service === undefined ? await within(signal, registry.services()) : [service]
  const found = await Promise.all(names.map((name) => present(registry, name, signal)))
  const rows = found.flatMap((instances, at) => instances.map((instance) => rowOf(names[at] ?? '', instance)))
  if (service !== undefined && rows.length === 0) throw new RpcError(Code.NOT_FOUND, `${service} has no instances`)
  for (const line of table([['SERVICE', 'INSTANCE', 'VERSION', 'ENDPOINTS', 'METADATA'], ...rows]))
    await terminal.print(line)
  return 0
}

async function present(registry: Registry, service: string, signal: AbortSignal): Promise<readonly Instance[]> {
  for await (const instances of registry.watch(service, signal)) return instances
  throw noAnswer()
}

/** The value of a promise, unless the signal aborts first. */
function within<T>(signal: AbortSignal, promise: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = (): void => reject(noAnswer())
    signal.addEventListener('abort', abort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}

function noAnswer(): RpcError {
  return new RpcError(Code.UNAVAILABLE, 'the registry did not answer')
}

function rowOf(service: string, { id, version, endpoints, metadata }: Instance): string[] {
  const facts = Object.entries(metadata).map(([key, value]) => `${key}=${value}`)
  return [service, id, version, endpoints.join(' '), facts.join(' ')]
}

/** Services that come later are looked for this often: registries tell of instances, not of services. */
const LOOK_MS = 1000

async function follow(registry: Registry, service: string | undefined, terminal: Terminal): Promise<number> {
  if (service !== undefined) {
    await followOne(registry, service, terminal)
    return 0
  }
  const running = new Map<string, Promise<void>>()
  while (!terminal.signal.aborted) {
    for (const name of await registry.services()) {
      if (!running.has(name)) running.set(name, followOne(registry, name, terminal))
    }
    await wait(LOOK_MS, undefined, { signal: terminal.signal }).catch(() => {})
  }
  await Promise.all(running.values())
  return 0
}

async function followOne(registry: Registry, service: string, terminal: Terminal): Promise<void> {
  let last = new Map<string, string>()
  for await (const instances of registry.watch(service, terminal.signal)) {
    const next = new Map(instances.map((instance) => [instance.id, rowOf(service, instance).join('  ').trimEnd()]))
    for (const [id, row] of last) if (!next.has(id)) await terminal.print(`- ${row}`)
    for (const [id, row] of next) {
      if (last.get(id) !== row) await terminal.print(`${last.has(id) ? '~' : '+'} ${row}`)
    }
    last = next
  }
}
