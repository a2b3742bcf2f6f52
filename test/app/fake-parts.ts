import type { AppServer } from 'tierkit/app'
import type { Binding } from 'tierkit/endpoint'
import type { Logger } from 'tierkit/observability'
import type { Instance, Registrar } from 'tierkit/registry'

/** A logger that says nothing. */
export const silent: Logger = {
  level: 'silent',
  trace: () => {},
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  child: () => silent,
}

/** A server that writes down what happens to it. */
export function fakeServer(name: string, seen: string[], change: Partial<AppServer> = {}): FakeServer {
  const server: FakeServer = {
    served: [],
    listen: async (bindings) => {
      server.served = bindings
      seen.push(`${name} listens`)
      return { host: '127.0.0.1', port: 9, url: `grpc://127.0.0.1:9` }
    },
    drain: async (timeoutMs) => void seen.push(`${name} drains ${timeoutMs}`),
    close: async () => void seen.push(`${name} closes`),
    ...change,
  }
  return server
}

export interface FakeServer extends AppServer {
  served: readonly Binding[]
}

/** A registrar that writes down what happens to it. */
export function fakeRegistrar(seen: string[]): Registrar & { instances: Instance[] } {
  const instances: Instance[] = []
  return {
    instances,
    register: async (instance) => {
      instances.push(instance)
      seen.push('registered')
      return { instance, [Symbol.asyncDispose]: async () => void seen.push('deregistered') }
    },
  }
}
