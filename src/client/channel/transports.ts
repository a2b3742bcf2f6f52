import type { Instance } from '../../registry/registry.js'
import type { ChannelFactory, ClientTls } from '../../transport/transport.js'

/** Which protocol a client speaks where an instance offers several. */
export type ClientProtocol = 'grpc' | 'http'

/** What decides how addresses are reached. */
export interface TransportsInit {
  readonly protocol: ClientProtocol | undefined
  /** Channel factories by URL scheme; they come before the ones that tierkit brings. */
  readonly transports: Readonly<Record<string, ChannelFactory>>
  readonly tls: ClientTls | undefined
}

type Load = (tls: ClientTls | undefined) => Promise<ChannelFactory>

// Loaded when an address needs them: a program that never speaks gRPC does not pay for it.
const grpc: Load = async (tls) => {
  const { grpcChannel } = await import('../../transport/grpc/client.js')
  return (url) => grpcChannel(url, { tls })
}
const http: Load = async (tls) => {
  const { httpChannel } = await import('../../transport/http/client.js')
  return (url) => httpChannel(url, { tls })
}
const loaders: Readonly<Record<string, Load>> = { grpc, grpcs: grpc, http, https: http }

/** Ways to reach addresses: which endpoint of an instance is used, and what makes a channel to it. */
export class Transports {
  readonly #init: TransportsInit
  readonly #factories = new Map<string, ChannelFactory>()
  /** Usable schemes, the preferred first: those that only the user knows, then gRPC, then HTTP. */
  readonly #schemes: readonly string[]

  constructor(init: TransportsInit) {
    this.#init = init
    for (const [scheme, factory] of Object.entries(init.transports)) this.#factories.set(scheme, factory)
    const brought = Object.keys(loaders)
    const own = [...this.#factories.keys()].filter((scheme) => !brought.includes(scheme))
    this.#schemes = [...own, ...brought.filter((scheme) => isWanted(scheme, init))]
  }

  /** Usable schemes, for messages: `grpc or grpcs`. */
  get wanted(): string {
    return this.#schemes.join(' or ')
  }

  /** The endpoint of an instance that calls go to; `undefined` if it has none that this client speaks. */
  choose(instance: Instance): string | undefined {
    for (const scheme of this.#schemes) {
      const url = instance.endpoints.find((endpoint) => endpoint.startsWith(`${scheme}:`))
      if (url !== undefined) return url
    }
    return undefined
  }

  /** Loads what the addresses need; to be awaited before `factory` is asked for them. */
  async load(urls: readonly string[]): Promise<void> {
    for (const scheme of new Set(urls.map(schemeOf))) {
      if (!this.#factories.has(scheme)) this.#factories.set(scheme, (await loaders[scheme]?.(this.#init.tls)) ?? none)
    }
  }

  /** What makes a channel to an address. */
  factory(url: string): ChannelFactory {
    return this.#factories.get(schemeOf(url)) ?? none
  }
}

function isWanted(scheme: string, { protocol, tls }: TransportsInit): boolean {
  const secure = scheme.endsWith('s')
  if (tls && !secure) return false
  return protocol === undefined || scheme === protocol || scheme === `${protocol}s`
}

function none(url: string): never {
  throw new TypeError(`no transport for '${url}'`)
}

function schemeOf(url: string): string {
  return url.slice(0, url.indexOf(':'))
}
