import type { EditionFeatures } from '../../codec/schema/features.js'
import type { Options, TypeReference } from '../../codec/schema/schema.js'
import type { ContractFile } from '../../service/proto-schema/proto-schema.js'
import type { OptionTypes } from '../proto/option-type.js'
import { withFeaturesApart } from './features.js'
import { optionStatement } from './text-format.js'

/** What is needed to print the declarations of a file. */
export interface FileView extends EditionFeatures {
  readonly file: ContractFile
  readonly types: OptionTypes
  /** Full names of all types, and of packages and types that hold others. */
  readonly names: ReadonlySet<string>
}

/** Options as statements, each in lines: what was said of one several times is several. */
export function optionStatements({ types }: FileView, options: Options, short = true): string[][] {
  return Object.entries(withFeaturesApart(options)).flatMap(([name, value]) => {
    const values = Array.isArray(value) ? value : [value]
    // The messages of a list cannot be said in parts.
    const inParts = short && !types.find(name)?.list
    return values.map((one) => optionStatement(name, one, { types, type: types.typeOf(name), short: inParts }))
  })
}

/** Options as they stand in the body of a declaration. */
export function optionLines(view: FileView, options: Options): string[] {
  return optionStatements(view, options, false).flatMap(([first, ...rest]) => closed([`option ${first}`, ...rest], ';'))
}

/** Statements as they stand behind a field or a value, with the line that they follow. */
export function withOptions(declaration: string, statements: readonly (readonly string[])[]): string[] {
  const [only = []] = statements
  if (statements.length === 0) return [`${declaration};`]
  if (statements.length === 1) return closed([`${declaration} [${only[0]}`, ...only.slice(1)], '];')
  const listed = statements.flatMap((lines, index) => closed(lines, index < statements.length - 1 ? ',' : ''))
  return [`${declaration} [`, ...listed.map((line) => `  ${line}`), '];']
}

function closed(lines: readonly string[], end: string): string[] {
  return [...lines.slice(0, -1), `${lines.at(-1)}${end}`]
}

/** The shortest name of a type that means it where it stands: in the message of the full name, or in none. */
export function typeName({ file, names }: FileView, { fullName }: TypeReference, scope: string): string {
  const { package: pkg } = file
  const inside = pkg === '' || fullName.startsWith(`${pkg}.`)
  const parts = fullName.split('.')
  const shared = sharedParts(parts, scope.split('.'))
  const least = pkg === '' ? 0 : pkg.split('.').length
  const candidates = inside ? [parts.slice(Math.max(least, shared)), parts.slice(least), parts] : [parts]
  const found = candidates.find((name) => name.length > 0 && meant(name, scope, names) === fullName)
  return found?.join('.') ?? `.${fullName}`
}

function sharedParts(parts: readonly string[], scope: readonly string[]): number {
  const differs = parts.findIndex((part, index) => part !== scope[index])
  return Math.min(differs < 0 ? parts.length : differs, parts.length - 1)
}

/** The full name of what a name means: the innermost scope that knows its first part decides. */
function meant([first = '', ...rest]: readonly string[], scope: string, names: ReadonlySet<string>): string {
  const scopes = scope === '' ? [] : scope.split('.')
  for (let size = scopes.length; size >= 0; size -= 1) {
    const at = [...scopes.slice(0, size), first].join('.')
    if (names.has(at)) return [at, ...rest].join('.')
  }
  return ''
}
