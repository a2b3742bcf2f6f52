import type { OptionLiteral, OptionSyntax } from '../proto-syntax/syntax.js'

/** An option that is set. */
export interface SetOption {
  readonly at: number
  readonly value: OptionLiteral
}

/** Where an option is set, and to what. */
export function setOption(options: readonly OptionSyntax[], option: string): SetOption | undefined {
  const found = options.find(({ name: [part] }) => part?.text === option && !part.isExtension)
  return found && { at: found.name[0]?.at ?? 0, value: found.value }
}

/** True if an option is set to `true`. */
export function isSet(options: readonly OptionSyntax[], option: string): boolean {
  return options.some(({ name: [part, ...more], value }) => {
    return more.length === 0 && part?.text === option && 'text' in value && value.text === 'true'
  })
}
