import type { Place } from './node.js'
import type { Program } from './program.js'

/** Where a program can be before a character, and what it knows of the character in front of it. */
interface State {
  readonly at: readonly number[]
  readonly before: Before
  /** What follows on each character of ASCII, once it has been found out. */
  readonly nexts: (State | undefined)[]
}

type Before = 'nothing' | 'word' | 'line' | 'other'

/** What follows the last character. */
const END = -1
/** What is remembered, in states and in the steps of all; then it is forgotten, so that no text can fill the memory. */
const MAX_STATES = 300
const MAX_STEPS = 30_000

/**
 * Runs a program over texts, in time that grows with their length and no faster: all ways to match are followed at
 * once, each character is looked at once, and what was found out of the ASCII ones is remembered.
 */
export class Matcher {
  readonly #program: Program
  readonly #found: State = { at: [], before: 'nothing', nexts: [] }
  #states = new Map<string, State>()
  #steps = 0
  #start: State

  constructor(program: Program) {
    this.#program = program
    this.#start = this.#state([program.start], 'nothing')
  }

  /** True if the pattern is found anywhere in a text. */
  matches(text: string): boolean {
    let state = this.#start
    for (let at = 0; at < text.length; at++) {
      const code = text.charCodeAt(at)
      const known = state.nexts[code]
      if (known) state = known
      else if (code < 128) state = this.#learn(state, code)
      else {
        const codePoint = text.codePointAt(at) ?? code
        if (codePoint > 0xffff) at++
        state = this.#follow(state, codePoint)
      }
      if (state === this.#found) return true
    }
    return this.#follow(state, END) === this.#found
  }

  #learn(state: State, code: number): State {
    const next = this.#follow(state, code)
    state.nexts[code] = next
    return next
  }

  /** What follows a state on a character. */
  #follow({ at, before }: State, codePoint: number): State {
    const { steps, start } = this.#program
    const reached = this.#reach(at, before, codePoint)
    const next: number[] = []
    for (const index of reached) {
      const step = steps[index]
      if (step?.kind === 'found') return this.#found
      if (step?.kind === 'char' && codePoint !== END && step.test(codePoint)) next.push(step.next)
    }
    next.push(start)
    return this.#state(next, codePoint === END ? 'other' : kindOf(codePoint))
  }

  /** The steps that wait for a character, from others that do not. */
  #reach(from: readonly number[], before: Before, codePoint: number): Set<number> {
    const reached = new Set<number>()
    const open = [...from]
    for (let index = open.pop(); index !== undefined; index = open.pop()) {
      if (reached.has(index)) continue
      reached.add(index)
      const step = this.#program.steps[index]
      if (step?.kind === 'split') open.push(...step.nexts)
      if (step?.kind === 'place' && isAt(step.place, before, codePoint)) open.push(step.next)
    }
    return reached
  }

  #state(at: readonly number[], before: Before): State {
    const sorted = [...new Set(at)].sort((a, b) => a - b)
    const key = `${before} ${sorted.join(' ')}`
    const known = this.#states.get(key)
    if (known) return known
    if (this.#states.size >= MAX_STATES || this.#steps >= MAX_STEPS) this.#forget()
    this.#steps += sorted.length
    const state: State = { at: sorted, before, nexts: new Array<State | undefined>(128).fill(undefined) }
    this.#states.set(key, state)
    return state
  }

  /** The start too: it refers to all that was found out. */
  #forget(): void {
    this.#states = new Map()
    this.#steps = 0
    this.#start = this.#state([this.#program.start], 'nothing')
  }
}

function isAt(place: Place, before: Before, codePoint: number): boolean {
  switch (place) {
    case 'start':
      return before === 'nothing'
    case 'end':
      return codePoint === END
    case 'lineStart':
      return before === 'nothing' || before === 'line'
    case 'lineEnd':
      return codePoint === END || codePoint === 10
    default: {
      const isEdge = (before === 'word') !== (codePoint !== END && kindOf(codePoint) === 'word')
      return isEdge === (place === 'edge')
    }
  }
}

function kindOf(codePoint: number): Before {
  if (codePoint === 10) return 'line'
  const isWord =
    (codePoint >= 48 && codePoint <= 57) ||
    (codePoint >= 65 && codePoint <= 90) ||
    codePoint === 95 ||
    (codePoint >= 97 && codePoint <= 122)
  return isWord ? 'word' : 'other'
}
