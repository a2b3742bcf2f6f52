import { openRegistry } from '../../registry/open-registry.js'
import type { Instance, RegistryOptions, Resolver } from '../../registry/registry.js'
import { staticRegistry } from '../../registry/static-registry.js'
import { parseTarget } from '../../registry/target.js'
import { Backoff } from '../../resilience/backoff.js'
import type { Clock, Random } from '../../resilience/clock.js'
import { sleep } from '../../resilience/sleep.js'

/** Where the instances of a target come from. */
export interface ServiceSource {
  readonly resolver: Resolver
  readonly service: string
  /** Releases what was opened for the target. */
  close(): Promise<void>
}

/** What follows a service. */
export interface ServiceFollower {
  readonly source: ServiceSource
  readonly clock: Clock
  readonly random: Random
  /** Takes the full set of instances; what it throws counts as a failure to find them. */
  instances(instances: readonly Instance[]): Promise<void>
  /** They could not be found; it is tried again. */
  failed(error: unknown): void
}

/** How the instances of a target are looked for. `onError` is for a registry that is opened. */
export interface SourceInit extends RegistryOptions {
  readonly registry: Resolver | undefined
  /** Plain addresses are called over TLS. */
  readonly secure: boolean
}

/**
 * Finds out where the instances of a target come from: from `registry` if there is one, and the target names the service
 * (`discovery:///orders` or `orders`); otherwise from what the target says. Throws a `TypeError` for a bad target.
 */
export function openSource(target: string, { registry, secure, onError }: SourceInit): ServiceSource {
  if (registry) {
    const service = target.replace(/^discovery:\/{0,3}/, '')
    if (service === '' || service.includes('://')) {
      throw new TypeError(`target '${target}' names no service of the registry: expected discovery:///SERVICE`)
    }
    return { resolver: registry, service, close: async () => {} }
  }
  const parsed = parseTarget(target)
  if (parsed.kind === 'addresses') {
    const resolver = staticRegistry(parsed.addresses.map((url) => (secure ? secured(url) : url)))
    return { resolver, service: '', close: () => resolver.close() }
  }
  const opened = openRegistry(parsed.registry, { onError })
  return { resolver: opened, service: parsed.service, close: () => opened.close() }
}

/** Watches a service until `signal` aborts, starting again, with growing delays, whenever the watch fails or ends. */
export async function followService(follower: ServiceFollower, signal: AbortSignal): Promise<void> {
  const { source, clock, random } = follower
  const backoff = new Backoff({ initialMs: 1000, maxMs: 30_000, multiplier: 1.6 }, random)
  let failures = 0
  while (!signal.aborted) {
    try {
      for await (const instances of source.resolver.watch(source.service, signal)) {
        await follower.instances(instances)
        failures = 0
      }
      if (!signal.aborted) follower.failed(new Error('the watch of the registry ended'))
    } catch (error) {
      if (!signal.aborted) follower.failed(error)
    }
    failures += 1
    await sleep(backoff.delayMs(failures), signal, clock).catch(() => {})
  }
}

/** Whoever passes TLS options to a plain address means TLS. */
function secured(url: string): string {
  return url.replace(/^(grpc|http):/, '$1s:')
}
