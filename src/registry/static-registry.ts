import { Code } from '../error/code.js'
import { RpcError } from '../error/rpc-error.js'
import type { Instance, Registration, Registry } from './registry.js'
import { WatchHub } from './watch-hub.js'

/**
 * A registry of what is known beforehand: addresses or instances that never change. The service `''` is all of them, and
 * bare addresses, which have no name of their own, answer to every service.
 *
 * ```ts
 * staticRegistry(['grpc://10.0.0.7:9000', 'grpc://10.0.0.8:9000'])
 * ```
 */
export function staticRegistry(entries: readonly (string | Instance)[]): Registry {
  const instances = entries.map((entry) => (typeof entry === 'string' ? addressInstance(entry) : entry))
  const named = (service: string): Instance[] =>
    service === '' ? instances : instances.filter(({ name }) => name === '' || name === service)
  const hub = new WatchHub((service, publish) => {
    publish(named(service))
    return () => {}
  })
  return {
    watch: (service, signal) => hub.watch(service, signal),
    register: rejectRegistration,
    services: async () => [...new Set(instances.map(({ name }) => name))].sort(),
    close: async () => hub.close(),
  }
}

function addressInstance(url: string): Instance {
  return { id: url, name: '', version: '', metadata: {}, endpoints: [url] }
}

async function rejectRegistration(instance: Instance): Promise<Registration> {
  throw new RpcError(Code.FAILED_PRECONDITION, `a static registry does not take registrations ('${instance.name}')`)
}
