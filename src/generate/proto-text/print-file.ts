import { hasFeatures, saidFeatures } from '../../codec/schema/features.js'
import type { Imports } from '../../codec/schema/imports.js'
import type { Options } from '../../codec/schema/schema.js'
import type { ContractFile } from '../../service/proto-schema/proto-schema.js'
import { importsOf } from '../proto/imports.js'
import type { OptionTypes } from '../proto/option-type.js'
import { commentLines, spaced } from './block.js'
import { fileFeatures } from './features.js'
import { type FileView, optionLines } from './file-view.js'
import { printEnum } from './print-enum.js'
import { groupsIn, printExtensions, printMessage } from './print-message.js'
import { printService } from './print-service.js'

/** What goes into a file beside what its contract says. */
export interface PrintOptions {
  readonly types: OptionTypes
  /** Full names of all types and of what holds them. */
  readonly names: ReadonlySet<string>
  readonly header?: string | undefined
  readonly options: Options
}

/** The text of a `.proto` file. */
export function printFile(file: ContractFile, { types, names, header, options }: PrintOptions): string {
  const { edition, package: pkg, messages, enums, services } = file
  const features = { ...saidFeatures(file.options), ...fileFeatures(file) }
  const view: FileView = { file, edition, types, features, names }
  const imports = importsOf(file, types, options)
  const groups = groupsIn(view, pkg)
  const top = messages.filter((message) => message.path.length === 1 && !groups.includes(message))
  const lines = spaced([
    commentLines(header),
    [hasFeatures(edition) ? `edition = "${edition}";` : `syntax = "${edition}";`],
    pkg === '' ? [] : [`package ${pkg};`],
    [
      ...imports.all.map((name) => `import ${importWord(imports, name)}"${name}";`),
      ...imports.option.map((name) => `import option "${name}";`),
    ],
    optionLines(view, { ...file.options, ...options, ...(Object.keys(features).length > 0 && { features }) }),
    ...printExtensions(view, pkg),
    ...services.map((service) => printService(view, service)),
    ...top.map((message) => printMessage(view, message)),
    ...enums.filter(({ path }) => path.length === 1).map((type) => printEnum(view, type)),
  ])
  return `${lines.join('\n')}\n`
}

function importWord(imports: Imports, name: string): string {
  if (imports.public.includes(name)) return 'public '
  return imports.weak.includes(name) ? 'weak ' : ''
}
