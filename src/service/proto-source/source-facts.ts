import type { IParserResult, Root } from 'protobufjs'
import type { FileFacts } from '../../codec/schema/file-facts.js'
import { mergeOptions } from '../../codec/schema/options.js'
import type { Options } from '../../codec/schema/schema.js'
import { withoutComments } from './brackets.js'
import { codeOnly } from './locate.js'

/** What the parser tells of a file. It passes over files that are imported for their options only, which edition 2024 has. */
type Parsed = Pick<Partial<IParserResult>, 'package' | 'imports' | 'weakImports'>

/**
 * What a file says of itself, once the parser has read it. The parser leaves options of files at their package, which others
 * have too: they are taken from there.
 */
export function fileFacts(
  source: string,
  root: Root,
  { package: pkg = '', imports = [], weakImports = [] }: Parsed,
): FileFacts {
  const namespace = pkg === '' ? root : root.define(pkg)
  // What stands in front of the package is left at the root.
  const parts = [...new Set([root, namespace])].flatMap((place) => (place.parsedOptions ?? []) as Options[])
  for (const place of [root, namespace]) Object.assign(place, { options: undefined, parsedOptions: undefined })
  const [edition = 'proto2'] = behind(source, /\b(?:syntax|edition)\s*=/g)
  return {
    package: pkg,
    edition,
    options: mergeOptions(parts.flatMap((part) => Object.entries(part))),
    imports: [...imports, ...weakImports],
    publicImports: behind(source, /\bimport\s+public\b/g),
    weakImports,
    optionImports: behind(source, /\bimport\s+option\b/g),
  }
}

/** The strings behind what stands in code. */
function behind(source: string, start: RegExp): string[] {
  return [...codeOnly(source).matchAll(start)].flatMap(({ 0: { length }, index }) => {
    const [strings = ''] = /^(\s*(["']).*?\2)*/.exec(withoutComments(source.slice(index + length))) ?? []
    const text = strings.replace(/\s*(["'])(.*?)\1/g, '$2')
    return text === '' ? [] : [text]
  })
}
