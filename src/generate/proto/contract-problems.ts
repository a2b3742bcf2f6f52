import type { ContractFile } from '../../service/proto-schema/proto-schema.js'
import { importsOf } from './imports.js'
import type { OptionTypes } from './option-type.js'

/** What code can say and no `.proto` file can. */
export function contractProblems(files: readonly ContractFile[], types: OptionTypes): string[] {
  return [...files.flatMap(valueProblems), ...circleProblems(files, types)]
}

/** Values of an enum are names in the scope that the enum stands in, beside each other and types. */
function valueProblems({ enums, messages }: ContractFile): string[] {
  const owners = new Map<string, string>(messages.map(({ fullName }) => [fullName, `the message ${fullName}`]))
  return enums.flatMap(({ fullName, values }) => {
    const scope = fullName.slice(0, fullName.lastIndexOf('.') + 1)
    return values.flatMap(({ name }) => {
      const taken = owners.get(`${scope}${name}`)
      owners.set(`${scope}${name}`, `a value of ${fullName}`)
      if (taken === undefined) return []
      return [`${fullName}.${name} is called like ${taken}: values are names beside their enum, give it a prefix`]
    })
  })
}

/** Files cannot import each other. */
function circleProblems(files: readonly ContractFile[], types: OptionTypes): string[] {
  const imports = new Map(files.map((file) => [file.name, importsOf(file, types).all]))
  const done = new Set<string>()
  const problems: string[] = []
  const follow = (name: string, path: readonly string[]): void => {
    const at = path.indexOf(name)
    if (at >= 0) problems.push(`files import each other in a circle: ${[...path.slice(at), name].join(' -> ')}`)
    if (at >= 0 || done.has(name)) return
    for (const other of imports.get(name) ?? []) follow(other, [...path, name])
    done.add(name)
  }
  for (const { name } of files) follow(name, [])
  return problems
}
