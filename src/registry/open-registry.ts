import { etcd } from './etcd/etcd.js'
import { parseEtcdUrl } from './etcd/etcd-options.js'
import { directoryOf, fileRegistry } from './file/file-registry.js'
import { memoryRegistry } from './memory-registry.js'
import type { Registry, RegistryOptions } from './registry.js'
import { staticRegistry } from './static-registry.js'
import { parseAddresses, schemeOf } from './target.js'

type Open = (url: string, options: RegistryOptions) => Registry

const openers: Readonly<Record<string, Open>> = {
  static: (url) => staticRegistry(parseAddresses(url)),
  memory: () => memoryRegistry(),
  file: (url, options) => fileRegistry(directoryOf(url), options),
  etcd: (url, options) => etcd({ ...parseEtcdUrl(url), ...options }),
}

/**
 * Opens the registry that a URL names: `static:///a:9000,b:9000`, `memory:///` (a fresh one each time: to share one,
 * pass the object), `file:///tmp/shop`, `etcd://host:2379`.
 *
 * Nothing is connected yet. Throws a `TypeError` that says what is wrong with the URL.
 */
export function openRegistry(url: string, options: RegistryOptions = {}): Registry {
  const scheme = schemeOf(url)
  const open = scheme !== undefined && Object.hasOwn(openers, scheme) ? openers[scheme] : undefined
  if (open) return open(url, options)
  const known = Object.keys(openers).join(', ')
  throw new TypeError(`registry '${url}': unknown scheme '${scheme ?? ''}'; known are ${known}`)
}
