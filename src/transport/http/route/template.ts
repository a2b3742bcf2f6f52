/** Matches one segment of a path. */
export const STAR = '*'
/** Matches any number of segments, none included. */
export const REST = '**'

/** Where a field of the request is in the path. */
export interface TemplateVariable {
  /** `['order', 'id']` for `{order.id}`. */
  readonly fieldPath: readonly string[]
  /** First segment of the template that belongs to it. */
  readonly start: number
  /** One past its last segment. */
  readonly end: number
}

/** A path template as `google.api.http` writes it, in parts. */
export interface PathTemplate {
  /** The template as it was written. */
  readonly text: string
  /** Literals, `STAR` and `REST`, without the variables around them. */
  readonly segments: readonly string[]
  readonly variables: readonly TemplateVariable[]
  /** What follows the last colon: `cancel` in `/v1/{id}:cancel`; empty for none. */
  readonly verb: string
}

const IDENT = /^[A-Za-z_][A-Za-z0-9_]*/
/** What a segment of a path cannot have as it is (RFC 3986, 3.3), and what means something in a template. */
const FOREIGN = /[^A-Za-z0-9\-._~!$&'()+,;@%]|%(?![0-9A-Fa-f]{2})/

/**
 * Reads a path template; throws an `Error` that says what is wrong and at which character.
 *
 * @see https://github.com/googleapis/googleapis/blob/master/google/api/http.proto "Path template syntax"
 */
export function parseTemplate(text: string): PathTemplate {
  const { path, verb } = splitVerb(text)
  const parser = new Parser(text, path)
  return { text, verb, ...parser.parse() }
}

function splitVerb(text: string): { path: string; verb: string } {
  const colon = text.lastIndexOf(':')
  const inLastSegment = colon > Math.max(text.lastIndexOf('/'), text.lastIndexOf('}'))
  if (colon < 0 || !inLastSegment) return { path: text, verb: '' }
  const verb = text.slice(colon + 1)
  if (verb === '' || FOREIGN.test(verb)) throw problem(text, colon + 1, 'expected a verb after the colon')
  return { path: text.slice(0, colon), verb }
}

class Parser {
  readonly #text: string
  readonly #path: string
  readonly #segments: string[] = []
  readonly #variables: TemplateVariable[] = []
  #at = 0

  constructor(text: string, path: string) {
    this.#text = text
    this.#path = path
  }

  parse(): Pick<PathTemplate, 'segments' | 'variables'> {
    if (this.#path === '/' && this.#text === '/') return { segments: [], variables: [] }
    while (this.#at < this.#path.length) {
      this.#expect('/')
      if (this.#path[this.#at] === '{') this.#variable()
      else this.#segment(/\//)
    }
    if (this.#segments.length === 0) throw this.#problem('expected a path that begins with /')
    return { segments: this.#segments, variables: this.#variables }
  }

  #variable(): void {
    this.#expect('{')
    const fieldPath = this.#fieldPath()
    if (this.#variables.some((other) => other.fieldPath.join() === fieldPath.join())) {
      throw this.#problem(`the field ${fieldPath.join('.')} is bound twice`)
    }
    const start = this.#segments.length
    if (this.#path[this.#at] === '=') this.#variableSegments()
    else this.#push(STAR)
    this.#expect('}')
    this.#variables.push({ fieldPath, start, end: this.#segments.length })
    const next = this.#path[this.#at]
    if (next !== undefined && next !== '/') throw this.#problem('a variable must be a whole segment')
  }

  #fieldPath(): string[] {
    const names: string[] = []
    do {
      if (names.length > 0) this.#at += 1
      const [name] = IDENT.exec(this.#path.slice(this.#at)) ?? []
      if (name === undefined) throw this.#problem('expected the name of a field')
      names.push(name)
      this.#at += name.length
    } while (this.#path[this.#at] === '.')
    if (!/[=}]/.test(this.#path[this.#at] ?? '')) throw this.#problem('expected . = or }')
    return names
  }

  #variableSegments(): void {
    do {
      this.#at += 1
      this.#segment(/[/}]/)
    } while (this.#path[this.#at] === '/')
  }

  /** Takes a segment that ends where `end` matches. */
  #segment(end: RegExp): void {
    const from = this.#at
    const segment = this.#until(end)
    const [place, what] = segmentProblem(segment, end.test('}')) ?? []
    if (place !== undefined && what !== undefined) throw problem(this.#text, from + place, what)
    this.#push(segment)
  }

  #push(segment: string): void {
    if (this.#segments.includes(REST) && (segment === STAR || segment === REST)) {
      throw this.#problem('after ** only literals may follow')
    }
    this.#segments.push(segment)
  }

  /** Takes the text before the first character that `end` matches. */
  #until(end: RegExp): string {
    const length = this.#path.slice(this.#at).search(end)
    const text = length < 0 ? this.#path.slice(this.#at) : this.#path.slice(this.#at, this.#at + length)
    this.#at += text.length
    return text
  }

  #expect(character: string): void {
    if (this.#path[this.#at] !== character) throw this.#problem(`expected ${character}`)
    this.#at += 1
  }

  #problem(what: string): Error {
    return problem(this.#text, this.#at, what)
  }
}

/** What is wrong with a segment, and where in it; `undefined` for a literal and for a wildcard. */
function segmentProblem(segment: string, inVariable: boolean): readonly [place: number, what: string] | undefined {
  if (segment === '') return [0, 'a segment is empty']
  const place = segment.search(FOREIGN)
  if (segment === STAR || segment === REST || place < 0) return undefined
  const character = segment[place] ?? ''
  const variable = inVariable ? 'variables cannot be inside of variables' : 'a variable must be a whole segment'
  const reasons: Readonly<Record<string, string>> = {
    '{': variable,
    '*': 'a wildcard must be a whole segment',
    ':': 'a verb can only be at the end',
    '%': 'malformed percent escape',
  }
  return [place, reasons[character] ?? `${JSON.stringify(character)} cannot be in a path`]
}

function problem(text: string, at: number, what: string): Error {
  return new Error(`path template ${JSON.stringify(text)}: ${what} at character ${at + 1}`)
}
