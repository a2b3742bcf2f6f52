import type protojson from 'protobufjs/ext/protojson.js'
import type * as light from 'protobufjs/light.js'
import { lazyPackage } from '../../library/lazy-package.js'

// Asking Node for a package that it has loaded is still far too slow for every message.
let library: typeof light | undefined
let json: typeof protojson | undefined

/** The protobuf library, loaded when the first message type is made. */
export function protobufLibrary(): typeof light {
  library ??= lazyPackage<typeof light>('protobufjs/light.js')
  return library
}

/** Its ProtoJSON, loaded when the first message is written or read as JSON. */
export function protojsonLibrary(): typeof protojson {
  json ??= lazyPackage<typeof protojson>('protobufjs/ext/protojson.js')
  return json
}
