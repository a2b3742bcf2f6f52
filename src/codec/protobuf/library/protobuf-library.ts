import type * as light from 'protobufjs/light.js'
import { lazyPackage } from '../../library/lazy-package.js'

// Asking Node for a package that it has loaded is still far too slow for every message.
let library: typeof light | undefined

/** The protobuf library, loaded when the first message type is made. */
export function protobufLibrary(): typeof light {
  library ??= lazyPackage<typeof light>('protobufjs/light.js')
  return library
}
