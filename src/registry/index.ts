/** Who is alive: instances, how they register, how they are found. @module */
export { type FileRegistryOptions, fileRegistry } from './file/file-registry.js'
export { memoryRegistry } from './memory-registry.js'
export { openRegistry } from './open-registry.js'
export type { Instance, Registrar, Registration, Registry, RegistryOptions, Resolver } from './registry.js'
export { staticRegistry } from './static-registry.js'
export { type AddressTarget, parseTarget, type ServiceTarget, type Target } from './target.js'
