import { type CharTest, type Node, PatternProblem, type Place } from './node.js'

/** A step of a program: on one character to the next one, past a place, to two others, or to the end. */
export type Step =
  | { readonly kind: 'char'; readonly test: CharTest; readonly next: number }
  | { readonly kind: 'place'; readonly place: Place; readonly next: number }
  | { readonly kind: 'split'; readonly nexts: readonly number[] }
  | { readonly kind: 'found' }

/** Steps, and with which they start. */
export interface Program {
  readonly steps: readonly Step[]
  readonly start: number
}

/** Steps that a program may have: repeats in repeats multiply. */
const MAX_STEPS = 10_000
const MAX_WORK = 10 * MAX_STEPS

/** Turns a pattern into steps. */
export function programOf(node: Node): Program {
  const steps: Step[] = [{ kind: 'found' }]
  const add = (step: Step): number => {
    if (steps.length >= MAX_STEPS) throw new PatternProblem('it is too large')
    return steps.push(step) - 1
  }
  let work = 0
  /** Adds the steps of a part in front of a step; returns the first of them. */
  const before = (part: Node, next: number): number => {
    // Parts without steps are repeated, too.
    if (++work > MAX_WORK) throw new PatternProblem('it is too large')
    switch (part.kind) {
      case 'char':
        return add({ kind: 'char', test: part.test, next })
      case 'place':
        return add({ kind: 'place', place: part.place, next })
      case 'all':
        return part.parts.reduceRight((then, one) => before(one, then), next)
      case 'any':
        return add({ kind: 'split', nexts: part.parts.map((one) => before(one, next)) })
      case 'repeat':
        return repeat(part, next)
    }
  }
  const repeat = ({ part, min, max }: Node & { kind: 'repeat' }, next: number): number => {
    let at = next
    if (max === Infinity) {
      const nexts = [next]
      at = add({ kind: 'split', nexts })
      nexts.push(before(part, at))
    } else {
      for (let count = min; count < max; count++) at = add({ kind: 'split', nexts: [before(part, at), next] })
    }
    for (let count = 0; count < min; count++) at = before(part, at)
    return at
  }
  const start = before(node, 0)
  return { steps, start }
}
