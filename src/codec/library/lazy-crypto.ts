import type crypto from 'node:crypto'
import { lazyPackage } from './lazy-package.js'

let loaded: typeof crypto | undefined

/** The cryptography of Node, loaded when it is first needed: of all that tierkit imports it takes longest. */
export function lazyCrypto(): typeof crypto {
  loaded ??= lazyPackage<typeof crypto>('node:crypto')
  return loaded
}
