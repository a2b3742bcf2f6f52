import { bracketed } from './text/literal.js'

/** The names of a module that is being written: those it declares, and those it imports. */
export class ModuleScope {
  readonly #taken: Set<string>
  readonly #imports = new Map<string, Map<string, Import>>()

  constructor(declared: Iterable<string>) {
    this.#taken = new Set(declared)
  }

  /** A name for something that the module declares, as near to the wanted one as is free. */
  declare(wanted: string): string {
    let name = wanted
    while (this.#taken.has(name)) name += '$'
    this.#taken.add(name)
    return name
  }

  /** Imports a value, and a type of its name if there is one; returns the name that it has here. */
  value(from: string, name: string): string {
    return this.#import(from, name, false)
  }

  /** Imports a type; returns the name that it has here. */
  type(from: string, name: string): string {
    return this.#import(from, name, true)
  }

  /** The import statements: packages first, each in the order of names. */
  statements(): string {
    const modules = [...this.#imports].sort(([a], [b]) => rank(a) - rank(b) || order(a, b))
    return modules.map(([from, imports]) => statement(from, [...imports.values()])).join('')
  }

  #import(from: string, name: string, typeOnly: boolean): string {
    const imports = this.#imports.get(from) ?? new Map<string, Import>()
    this.#imports.set(from, imports)
    const known = imports.get(name) ?? { name, local: this.declare(name), typeOnly }
    imports.set(name, { ...known, typeOnly: known.typeOnly && typeOnly })
    return known.local
  }
}

interface Import {
  readonly name: string
  /** What it is called in the module. */
  readonly local: string
  readonly typeOnly: boolean
}

function statement(from: string, imports: readonly Import[]): string {
  const allTypes = imports.every(({ typeOnly }) => typeOnly)
  const names = [...imports]
    .sort((a, b) => order(a.name, b.name))
    .map(({ name, local, typeOnly }) => {
      const renamed = local === name ? name : `${name} as ${local}`
      return typeOnly && !allTypes ? `type ${renamed}` : renamed
    })
  const before = allTypes ? 'import type ' : 'import '
  const after = ` from '${from}'`
  return `${before}${bracketed('{}', names, { before: before + after })}${after}\n`
}

function rank(from: string): number {
  return from.startsWith('.') ? 1 : 0
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
