import type { ReflectionObject } from 'protobufjs/light.js'
import type { Declaration, Options, OptionValue } from './schema.js'

/** What the library keeps of an object that has no parsed options: those that its JSON had. */
type Plain = Readonly<Record<string, OptionValue>>

/** Noted among options where the contract has none: by the library, or with the name of a oneof for `oneofName`. */
export const INTERNAL: readonly string[] = ['proto3_optional', 'proto_name', 'extension_range_options']

/** The option by which a message has the options of its ranges of extensions, by first number. */
export const RANGE_OPTIONS = 'extension_range_options'

/** What every declaration says of itself. */
export function declaration(object: ReflectionObject): Declaration {
  const options = optionsOf(object)
  return { comment: object.comment || undefined, deprecated: options.deprecated === true, options }
}

/** The options of an object, each once: what was said of one in several places is a list. */
export function optionsOf({ options, parsedOptions }: ReflectionObject): Options {
  const parts = (parsedOptions as Plain[] | undefined) ?? [(options ?? {}) as Plain]
  return mergeOptions(parts.flatMap((part) => Object.entries(part)))
}

/** Makes one set of entries, whose names may recur. */
export function mergeOptions(entries: readonly (readonly [string, OptionValue])[]): Options {
  const merged: Record<string, OptionValue> = Object.create(null)
  for (const [written, value] of entries) {
    const name = written.replace(/^\(\./, '(')
    const known = merged[name]
    if (INTERNAL.includes(name)) continue
    if (known === undefined) merged[name] = value
    else merged[name] = name === 'features' ? Object.assign({}, known, value) : [known, value].flat()
  }
  return merged
}
