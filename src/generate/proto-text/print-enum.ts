import { enumFeatures, withFeatures } from '../../codec/schema/features.js'
import type { EnumSchema } from '../../codec/schema/schema.js'
import { block, commentLines, spaced, visibilityWord } from './block.js'
import { type FileView, optionLines, optionStatements, withOptions } from './file-view.js'
import { reservedLines } from './print-reserved.js'

/** The enums that are nested in a message of the full name. */
export function enumsIn({ file }: FileView, scope: string): EnumSchema[] {
  return file.enums.filter(({ fullName, path }) => path.length > 1 && fullName === `${scope}.${path.at(-1)}`)
}

/** An enum. */
export function printEnum(view: FileView, type: EnumSchema): string[] {
  const { comment, path, options, reserved, values } = type
  const said = withFeatures(options, enumFeatures(type), view)
  const declared = values.flatMap((value) => [
    ...commentLines(value.comment),
    ...withOptions(`${value.name} = ${value.number}`, optionStatements(view, value.options)),
  ])
  const body = spaced([optionLines(view, said), reservedLines(view, reserved), declared])
  return [...commentLines(comment), ...block(`${visibilityWord(type)}enum ${path.at(-1)}`, body)]
}
