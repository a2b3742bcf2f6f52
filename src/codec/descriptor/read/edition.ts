import { Edition } from '../field-type.js'
import type { FileDescriptorProto } from '../file-descriptor.js'

/** The edition of a file: `proto3`, `2023`. Throws an `Error` if it is not known. */
export function editionOf({ name, syntax = 'proto2', edition }: FileDescriptorProto): string {
  if (syntax !== 'editions') return syntax
  const known = Object.entries(Edition).find(([, number]) => number === edition)
  if (!known) throw new Error(`${name}: its edition, number ${edition}, is not supported: 2023 and 2024 are`)
  return known[0]
}
