import { LAST_FIELD } from '../proto-syntax/parse-ranges.js'
import type { FieldSyntax, MessageSyntax, NumberWord } from '../proto-syntax/syntax.js'
import { isIn, overlaps, reservedFindings } from './check-ranges.js'
import type { Finding } from './finding.js'

/** What is wrong with the numbers of a message: those of its fields, what it reserves, and what it leaves to extensions. */
export function numberFindings(message: MessageSyntax, fields: readonly FieldSyntax[]): Finding[] {
  const { name, reserved, extensions } = message
  const ids = new Set<number>()
  const repeated = fields.filter(({ number }) => {
    const known = ids.has(number.value)
    ids.add(number.value)
    return known
  })
  return [
    ...repeated.map(({ number }) => ({ at: number.at, text: `duplicate id ${number.text} in ${name.text}` })),
    ...reservedFindings(message, fields, name.text),
    ...[...reserved.map(({ first }) => first), ...extensions.map(({ first }) => first)]
      .filter(({ value }) => value < 1)
      .map(noNumber),
    ...extensions
      .map(({ last }) => last)
      .filter(({ value }) => value > LAST_FIELD)
      .map(noNumber),
    ...extensions
      .filter(({ first, last }) => last.value < first.value)
      .map(({ first, last }) => ({ at: first.at, text: `${first.text} to ${last.text} ends before it begins` })),
    ...overlaps(reserved, []).map((at) => ({ at, text: `a number is reserved twice in ${name.text}` })),
    ...overlaps(extensions, reserved).map((at) => ({
      at,
      text: `a number for extensions of ${name.text} is for others too, or reserved`,
    })),
    ...fields
      .filter(({ number }) => isIn(extensions, number))
      .map(({ number }) => ({ at: number.at, text: `id ${number.text} is for extensions of ${name.text}` })),
  ]
}

function noNumber({ at, text }: NumberWord): Finding {
  return { at, text: `${text} is not a field number: they go from 1 to ${LAST_FIELD}` }
}
