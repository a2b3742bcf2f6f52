import type { NumberWord, RangeSyntax, ReservedSyntax, Word } from '../proto-syntax/syntax.js'
import type { Finding } from './finding.js'

/** Offsets of the ranges that have a number of another range before them, or of the others, or that end before they begin. */
export function overlaps(ranges: readonly RangeSyntax[], others: readonly RangeSyntax[]): number[] {
  return ranges
    .filter((range, index) => [...ranges.slice(0, index), ...others].some((other) => overlap(range, other)))
    .map(({ first }) => first.at)
}

function overlap(a: RangeSyntax, b: RangeSyntax): boolean {
  return a.first.value <= b.last.value && b.first.value <= a.last.value
}

/** True of a number that is in one of the ranges. */
export function isIn(ranges: readonly RangeSyntax[], { value }: NumberWord): boolean {
  return ranges.some(({ first, last }) => first.value <= value && value <= last.value)
}

/** A field or value. */
interface Numbered {
  readonly name: Word
  readonly number: NumberWord
}

/** Numbers and names that are used although they are reserved, and what is reserved in a way that makes no sense. */
export function reservedFindings(
  { reserved, reservedNames }: ReservedSyntax,
  members: readonly Numbered[],
  owner: string,
): Finding[] {
  const names = reservedNames.map(({ text }) => text)
  return [
    ...reserved
      .filter(({ first, last }) => last.value < first.value)
      .map(({ first, last }) => ({ at: first.at, text: `${first.text} to ${last.text} ends before it begins` })),
    ...reservedNames
      .filter(({ text }, index) => names.indexOf(text) < index)
      .map(({ at, text }) => ({ at, text: `name '${text}' is reserved twice in ${owner}` })),
    ...members
      .filter(({ number }) => isIn(reserved, number))
      .map(({ number }) => ({ at: number.at, text: `id ${number.text} is reserved in ${owner}` })),
    ...members
      .filter(({ name }) => names.includes(name.text))
      .map(({ name }) => ({ at: name.at, text: `name '${name.text}' is reserved in ${owner}` })),
  ]
}
