import { createRequire } from 'node:module'

/** The version of this package. It is found by name, since code is moved when the package is built. */
export function tierkitVersion(): string {
  const manifest = createRequire(import.meta.url)('tierkit/package.json') as { readonly version: string }
  return manifest.version
}
