import type { FileSchema } from '../../service/proto-schema/proto-schema.js'
import type { ExportNames } from './export-names.js'
import { bracketed } from './text/literal.js'

/** What is needed to find what other files export. */
export interface OtherFiles {
  readonly names: ReadonlyMap<string, ExportNames>
  readonly files: ReadonlyMap<string, FileSchema>
  /** How the module imports that of another file. */
  path(file: string): string
}

/**
 * Statements that export what a file imports publicly, at any depth, as if it were its own; without names that are taken.
 * Files without code are passed over.
 */
export function printExports(file: FileSchema, others: OtherFiles): string {
  const taken = new Set(exportsOf(others.names.get(file.name)).map(({ name }) => name))
  const statements = publicFiles(file, others).map((imported) => {
    const exported = exportsOf(others.names.get(imported)).filter(({ name }) => !taken.has(name))
    for (const { name } of exported) taken.add(name)
    return statement(exported, others.path(imported))
  })
  return statements.join('')
}

interface Exported {
  readonly name: string
  readonly typeOnly: boolean
}

function exportsOf(names: ExportNames | undefined): Exported[] {
  const { declared = new Map(), inits = new Map(), errors = new Map() } = names ?? {}
  const values = [...declared.values(), ...errors.values()].map((name: string) => ({ name, typeOnly: false }))
  return [...values, ...[...inits.values()].map((name: string) => ({ name, typeOnly: true }))]
}

function publicFiles({ publicImports = [] }: FileSchema, others: OtherFiles, seen = new Set<string>()): string[] {
  for (const name of publicImports.filter((one) => others.names.has(one) && !seen.has(one))) {
    seen.add(name)
    const file = others.files.get(name)
    if (file) publicFiles(file, others, seen)
  }
  return [...seen]
}

function statement(exported: readonly Exported[], from: string): string {
  if (exported.length === 0) return ''
  const names = exported
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, typeOnly }) => (typeOnly ? `type ${name}` : name))
  const after = ` from '${from}'`
  return `export ${bracketed('{}', names, { before: `export ${after}` })}${after}\n`
}
