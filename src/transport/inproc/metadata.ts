import type { Metadata } from '../../endpoint/metadata.js'

/** Makes `target` a copy of `source`: what an earlier attempt left there goes. */
export function replaceMetadata(target: Metadata, source: Metadata): void {
  for (const key of [...target.keys()]) target.delete(key)
  target.merge(source)
}
