import { createRequire } from 'node:module'

const require = createRequire(import.meta.url)

/**
 * Loads a CommonJS package when it is first needed, so that importing tierkit stays quick, and tells one that is not
 * installed (`undefined`) from one that is broken (which throws).
 */
export function optionalPackage<T>(name: string): T | undefined {
  try {
    return require(name) as T
  } catch (error) {
    const { code, message = '' } = error as { code?: string; message?: string }
    if (code === 'MODULE_NOT_FOUND' && message.includes(`'${name}'`)) return undefined
    throw error
  }
}
