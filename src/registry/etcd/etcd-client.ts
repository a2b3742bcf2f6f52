import { createRequire } from 'node:module'
import type { Etcd3, IOptions, WatchClient } from 'etcd3'
import type { EtcdOptions, EtcdTls } from './etcd-options.js'

/** Options of a call, as etcd3 takes them. */
export type CallOptions = NonNullable<Parameters<WatchClient['watch']>[0]>

/** A stream of watches, as etcd3 gives it. */
export type WatchStream = Awaited<ReturnType<WatchClient['watch']>>

type Interceptor = NonNullable<CallOptions['interceptors']>[number]

/**
 * Adds metadata to a call, which etcd3 offers no other way to; and rewords the refusal of a token, to which etcd3 would
 * answer with the same call, token and all, until its deadline.
 */
export function addHeaders(headers: Readonly<Record<string, string>>): Interceptor {
  return (options, nextCall) => {
    const call = nextCall(options)
    const start = call.start.bind(call)
    call.start = (metadata, listener) => {
      const own = metadata.clone()
      for (const [name, value] of Object.entries(headers)) own.set(name, value)
      start(own, {
        ...listener,
        onReceiveStatus: (status) => {
          const details = status.details.replace('invalid auth token', 'outdated auth token')
          listener?.onReceiveStatus?.({ ...status, details })
        },
      })
    }
    return call as ReturnType<Interceptor>
  }
}

/** Makes a client for one member. */
export async function createClient(host: string, tls: EtcdOptions['tls']): Promise<Etcd3> {
  const { Etcd3 } = await import('etcd3')
  return new Etcd3({
    hosts: tls ? `https://${host}` : host,
    ...(typeof tls === 'object' ? { credentials: await credentialsOf(tls) } : {}),
    grpcOptions: {
      'grpc.keepalive_time_ms': 10_000,
      'grpc.keepalive_timeout_ms': 5_000,
      // Connections are shared where options are the same. A new client must not find the old one's, which may be stuck.
      'tierkit.client': crypto.randomUUID(),
      'grpc.max_receive_message_length': 64 * 1_048_576,
    },
    // Whoever calls tries again, and knows better when: a breaker in between would only hold the return up.
    faultHandling: { host: () => passThrough(), global: passThrough() },
  })
}

async function credentialsOf({ ca, key, cert }: EtcdTls): Promise<NonNullable<IOptions['credentials']>> {
  const { rootCertificates } = await import('node:tls')
  return {
    rootCertificate: Buffer.from(ca ?? rootCertificates.join('\n')),
    ...(key === undefined ? {} : { privateKey: Buffer.from(key) }),
    ...(cert === undefined ? {} : { certChain: Buffer.from(cert) }),
  }
}

type Policy = NonNullable<NonNullable<IOptions['faultHandling']>['global']>

function passThrough(): Policy {
  const silent = (): { dispose(): void } => ({ dispose: () => {} })
  const policy: Omit<Policy, '_altReturn'> = {
    onSuccess: silent,
    onFailure: silent,
    execute: async (run, signal = new AbortController().signal) => run({ signal }),
  }
  return policy as Policy
}

/** Throws an `Error` that says what to do if etcd3, an optional package, is not there. */
export function assertInstalled(): void {
  try {
    createRequire(import.meta.url).resolve('etcd3')
  } catch (cause) {
    throw new Error("the etcd registry needs the package 'etcd3': npm install etcd3", { cause })
  }
}
