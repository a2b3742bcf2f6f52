import type { IEnum, IType } from 'protobufjs/light.js'
import { DECLARATION_TYPES } from './descriptor/declaration-types.js'
import { OPTION_TYPES } from './descriptor/option-types.js'
import { readTypes } from './descriptor/read-types.js'

/** The types of `google/protobuf/descriptor.proto`: what a `.proto` file is, as messages. */
export function descriptorTypes(): Readonly<Record<string, IType | IEnum>> {
  return { ...readTypes(DECLARATION_TYPES), ...readTypes(OPTION_TYPES) }
}
