import { type Imports, importsOf as importsFor } from '../../codec/schema/imports.js'
import type { Options } from '../../codec/schema/schema.js'
import { extensionNames, neededFiles, optionsIn, typeFiles } from '../../service/proto-schema/needed-files.js'
import type { ContractFile } from '../../service/proto-schema/proto-schema.js'
import type { OptionTypes } from './option-type.js'

/** The files that a file imports: for the types that it refers to, what it extends, and the options that it sets. In order. */
export function importsOf(file: ContractFile, types: OptionTypes, options: Options = {}): Imports {
  const set = [options, ...optionsIn(file)].flatMap(extensionNames)
  const declared = set.flatMap((name) => types.find(name)?.file ?? [])
  const http = file.services.some(({ methods }) => methods.some((method) => method.http.length > 0))
  return importsFor(file, typeFiles(file), [
    ...neededFiles(file),
    ...declared,
    ...(http ? ['google/api/annotations.proto'] : []),
  ])
}
