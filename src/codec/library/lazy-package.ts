import { createRequire } from 'node:module'

/** Loads a CommonJS package when it is first needed, so that importing tierkit stays quick. Throws if it is not there. */
export function lazyPackage<T>(name: string): T {
  return createRequire(import.meta.url)(name) as T
}

/** The same for a package that need not be installed: `undefined` if it is not. One that is broken throws. */
export function optionalPackage<T>(name: string): T | undefined {
  try {
    return lazyPackage<T>(name)
  } catch (error) {
    const { code, message = '' } = error as { code?: string; message?: string }
    if (code === 'MODULE_NOT_FOUND' && message.includes(`'${name}'`)) return undefined
    throw error
  }
}
