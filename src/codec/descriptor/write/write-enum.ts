import type { MessageInit } from '../../message-init.js'
import { enumFeatures, withFeatures } from '../../schema/features.js'
import type { EnumSchema } from '../../schema/schema.js'
import type { EnumOptions, EnumValueOptions } from '../descriptor-options.js'
import { Visibility } from '../field-type.js'
import type { EnumDescriptorProto, EnumValueDescriptorProto } from '../file-descriptor.js'
import type { FileWriter } from './file-writer.js'

/** Describes an enum. */
export function writeEnum(type: EnumSchema, { options, edition }: FileWriter): MessageInit<EnumDescriptorProto> {
  const { values, reserved, path, visibility } = type
  const own = withFeatures(deprecatedToo(type), enumFeatures(type), edition)
  return {
    name: path.at(-1),
    value: values.map(
      (value): MessageInit<EnumValueDescriptorProto> => ({
        name: value.name,
        number: value.number,
        options: options.write<EnumValueOptions>('EnumValueOptions', deprecatedToo(value)),
      }),
    ),
    options: options.write<EnumOptions>('EnumOptions', own),
    reservedRange: reserved.numbers.map(([start, end]) => ({ start, end })),
    reservedName: [...reserved.names],
    visibility: visibility && Visibility[visibility],
  }
}

/** Options of a declaration, with what it says elsewhere. */
export function deprecatedToo({ deprecated, options }: Pick<EnumSchema, 'deprecated' | 'options'>) {
  return deprecated ? { ...options, deprecated } : options
}
