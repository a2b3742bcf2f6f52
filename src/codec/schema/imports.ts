import type { TypeFile } from './schema.js'

/** What a file imports, by name and in order. */
export interface Imports {
  readonly all: readonly string[]
  /** Those of them that it imports for those who import it. */
  readonly public: readonly string[]
  readonly weak: readonly string[]
  /** Those that are there for options only, which are not among all. */
  readonly option: readonly string[]
}

/**
 * What a file imports to have what it needs: files of types, and files of options that it sets. A file that it has by way of
 * another one, which imports it for others, is not named; what it imports and does not need, neither.
 */
export function importsOf(file: TypeFile, types: Iterable<string>, options: Iterable<string> = []): Imports {
  const { publicImports = [], weakImports = [], optionImports = [] } = file
  const forTypes = new Set([...types].map((name) => importFor(file, name)))
  const forOptions = [...options].map((name) => (optionImports.includes(name) ? name : importFor(file, name)))
  const option = forOptions.filter((name) => optionImports.includes(name) && !forTypes.has(name))
  const direct = forOptions.filter((name) => !option.includes(name))
  const all = new Set([...forTypes, ...direct, ...publicImports, ...weakImports])
  all.delete(file.name)
  return {
    all: [...all].sort(),
    public: [...publicImports],
    weak: [...weakImports],
    option: [...new Set(option)].sort(),
  }
}

/** The file to import for what is in the one of the name. */
function importFor({ imports = [], importedFiles = [], name: own }: TypeFile, name: string): string {
  if (name === own || imports.includes(name)) return name
  return importedFiles.find((imported) => passedOn(imported).has(name))?.name ?? name
}

/** Names of the files that others get by importing one, besides itself. */
function passedOn({ publicImports = [], importedFiles = [] }: TypeFile, names = new Set<string>()): Set<string> {
  for (const name of publicImports.filter((one) => !names.has(one))) {
    names.add(name)
    const file = importedFiles.find((imported) => imported.name === name)
    if (file) passedOn(file, names)
  }
  return names
}

/** The files that a file imports without having to need them, and those that pass on to it what it needs. */
export function keptImports(file: TypeFile, needed: Iterable<string>): TypeFile[] {
  const { importedFiles = [] } = file
  const { all } = importsOf(file, needed)
  return importedFiles.filter(({ name }) => all.includes(name))
}
