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

const LITERAL = /^[^\s{}*=:?#/\\"<>^`|]+$/
const IDENT = /^[A-Za-z_][A-Za-z0-9_]*$/

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
  if (!LITERAL.test(verb)) throw problem(text, colon + 1, 'expected a verb after the colon')
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
      else this.#segment()
    }
    if (this.#segments.length === 0) throw this.#problem('expected a path that begins with /')
    return { segments: this.#segments, variables: this.#variables }
  }

  #variable(): void {
    this.#expect('{')
    const fieldPath = this.#until(/[=}]/).split('.')
    if (!fieldPath.every((name) => IDENT.test(name))) throw this.#problem('expected a field path')
    if (this.#variables.some((other) => other.fieldPath.join() === fieldPath.join())) {
      throw this.#problem(`the field ${fieldPath.join('.')} is bound twice`)
    }
    const start = this.#segments.length
    if (this.#path[this.#at] === '=') this.#variableSegments()
    else this.#push(STAR)
    this.#expect('}')
    this.#variables.push({ fieldPath, start, end: this.#segments.length })
  }

  #variableSegments(): void {
    do {
      this.#at += 1
      this.#segment()
    } while (this.#path[this.#at] === '/')
  }

  #segment(): void {
    const segment = this.#until(/[/}]/)
    if (segment !== STAR && segment !== REST && !LITERAL.test(segment)) {
      throw this.#problem('expected a literal, * or **')
    }
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

function problem(text: string, at: number, what: string): Error {
  return new Error(`path template ${JSON.stringify(text)}: ${what} at character ${at + 1}`)
}
