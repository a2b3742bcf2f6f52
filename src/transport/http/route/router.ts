import { decodeAll, decodeAllButSlash, decodeUnreserved } from './percent.js'
import { type PathTemplate, parseTemplate, REST, type TemplateVariable } from './template.js'
import { type PathQuery, Trie } from './trie.js'

/** A value of a path, by the field that it fills. */
export interface PathValue {
  readonly fieldPath: readonly string[]
  /** Decoded; `undefined` where the path has a malformed escape. */
  readonly value: string | undefined
}

/** What a request line leads to. */
export interface Match<T> {
  readonly target: T
  readonly values: readonly PathValue[]
}

interface Entry<T> {
  readonly target: T
  /** What reads the values of a path that leads here, from its segments. */
  readonly values: readonly ReadValue[]
}

type ReadValue = (segments: readonly string[]) => PathValue

/** How paths are read. */
export interface RouterOptions {
  /** Decodes all but `%2F` in variables of several segments, where by default every reserved character stays as it came. */
  readonly fullyDecodeReservedExpansion?: boolean | undefined
}

const NO_VALUES: readonly PathValue[] = []

/** Finds the target of an HTTP method and path. Paths are matched as they came, and decoded after they were split. */
export class Router<T> {
  readonly #trie = new Trie<Entry<T>>()
  /** Matches of whole paths: what most requests are for needs no search. */
  readonly #literal = new Map<string, Map<string, Match<T>>>()
  readonly #verbs = new Set<string>()
  readonly #decodeSeveral: (text: string) => string | undefined

  constructor(options: RouterOptions = {}) {
    this.#decodeSeveral = options.fullyDecodeReservedExpansion ? decodeAllButSlash : decodeUnreserved
  }

  /**
   * Adds a target; gives the target that the same requests lead to already, and then adds nothing. Throws an `Error` for a
   * bad template.
   */
  add(method: string, path: string, target: T): T | undefined {
    const template = parseTemplate(path)
    const values = template.variables.map((variable) => this.#valueOf(variable, template))
    const present = this.#trie.add(method, template, { target, values })
    if (present) return present.target
    if (template.verb !== '') this.#verbs.add(template.verb)
    if (isLiteral(template)) {
      const methods = this.#literal.get(path) ?? new Map<string, Match<T>>()
      this.#literal.set(path, methods.set(method, { target, values: NO_VALUES }))
    }
    return undefined
  }

  /** The match for a path without its query; a `HEAD` falls back to `GET`. */
  find(method: string, path: string): Match<T> | undefined {
    const literal = this.#literal.get(path)?.get(method)
    if (literal) return literal
    if (!isLocal(path)) {
      const local = localPath(path)
      return local === undefined ? undefined : this.find(method, local)
    }
    const query = this.#split(method, path)
    const entry = this.#trie.find(query)
    if (entry) return { target: entry.target, values: valuesOf(entry.values, query.segments) }
    return method === 'HEAD' ? this.find('GET', path) : undefined
  }

  /** The HTTP methods that a path can be asked with, sorted; empty if it leads nowhere. */
  methods(path: string): string[] {
    const local = isLocal(path) ? path : localPath(path)
    if (local === undefined) return []
    const methods = this.#trie.methods(this.#split('', local))
    if (methods.includes('GET')) methods.push('HEAD')
    return [...new Set(methods)].sort()
  }

  #valueOf(variable: TemplateVariable, { segments }: PathTemplate): ReadValue {
    const { fieldPath, start, end } = variable
    const rest = segments.indexOf(REST)
    // What stands behind a ** is counted from the end.
    const place = (index: number, path: readonly string[]): number =>
      rest < 0 || index <= rest ? index : index + path.length - segments.length
    if (isSingle(variable, rest)) return (path) => ({ fieldPath, value: decodeAll(path[place(start, path)] ?? '') })
    return (path) => {
      const text = path.slice(place(start, path), place(end, path)).join('/')
      return { fieldPath, value: this.#decodeSeveral(text) }
    }
  }

  #split(method: string, path: string): PathQuery {
    const colon = this.#verbs.size === 0 ? -1 : path.lastIndexOf(':')
    const verb = colon > path.lastIndexOf('/') ? path.slice(colon + 1) : ''
    // A verb that no template has is part of the last segment.
    const known = verb !== '' && this.#verbs.has(verb)
    return { method, segments: segmentsOf(path, known ? colon : path.length), verb: known ? verb : '' }
  }
}

/** What stands between the slashes of a path, up to its end. `split` takes several times as long. */
function segmentsOf(path: string, end: number): string[] {
  const segments: string[] = []
  for (let at = 1; at < end || (at === end && end > 1); ) {
    const slash = path.indexOf('/', at)
    const next = slash < 0 || slash > end ? end : slash
    segments.push(path.slice(at, next))
    at = next + 1
  }
  return segments
}

function valuesOf(readers: readonly ReadValue[], segments: readonly string[]): readonly PathValue[] {
  if (readers.length === 0) return NO_VALUES
  const values: PathValue[] = []
  for (let at = 0; at < readers.length; at++) values.push((readers[at] as ReadValue)(segments))
  return values
}

function isLiteral({ segments, variables }: PathTemplate): boolean {
  return variables.length === 0 && !segments.some((segment) => segment === '*' || segment === REST)
}

function isSingle({ start, end }: TemplateVariable, rest: number): boolean {
  return end - start === 1 && rest !== start
}

function isLocal(path: string): boolean {
  return path === '' || path.startsWith('/')
}

/** The path of a request target with its origin (RFC 9112, 3.2.2); `undefined` for what is no path. */
function localPath(target: string): string | undefined {
  const [whole, path = '/'] = /^https?:\/\/[^/?#]+(\/.*)?$/i.exec(target) ?? []
  return whole === undefined ? undefined : path
}
