import type { OneOf } from 'protobufjs/light.js'
import { protoName } from '../message-descriptor.js'

/** The option by which the name of a oneof comes that does not follow from its property: the library keeps no other. */
export const ONEOF_NAME = 'proto_name'

/** True of a name of a oneof that follows from its property. */
export function isUsualName(name: string): boolean {
  return /^_?[a-z][a-z\d]*(_[a-z][a-z\d]*)*$/.test(name)
}

/** The name of a oneof in the contract. */
export function oneofName({ name, options }: OneOf): string {
  const noted: unknown = options?.[ONEOF_NAME]
  return typeof noted === 'string' ? noted : protoName(name)
}
