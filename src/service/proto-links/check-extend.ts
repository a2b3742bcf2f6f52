import type { Type } from 'protobufjs'
import type { Finding } from '../proto-check/finding.js'
import type { ExtendSyntax } from '../proto-syntax/syntax.js'
import type { LinkedFile } from './linked-file.js'

/** Options, and the rules that are options of fields. */
const OPTIONS = /^(google\.protobuf\.\w+Options|buf\.validate\.\w+Rules)$/

/** What is wrong with fields that are added to a message. */
export function extendFindings({ extendee, fields }: ExtendSyntax, type: Type, { syntax }: LinkedFile): Finding[] {
  const name = type.fullName.slice(1)
  if (syntax.edition === 'proto3' && !OPTIONS.test(name))
    return [{ at: extendee.at, text: `proto3 extends options only, not ${name}` }]
  const ranges = type.extensions ?? []
  return fields
    .filter(({ number: { value } }) => !ranges.some(([first = 0, last = first]) => first <= value && value <= last))
    .map(({ number }) => ({ at: number.at, text: `${number.text} is no number that ${name} has for extensions` }))
}
