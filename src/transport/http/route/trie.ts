import { type PathTemplate, REST, STAR } from './template.js'

/** A request line, split. */
export interface PathQuery {
  /** HTTP method in upper case. */
  readonly method: string
  /** Segments of the path as they came, not decoded. */
  readonly segments: readonly string[]
  /** The verb after the path; empty for none. */
  readonly verb: string
}

/** HTTP methods of one pattern: `*` is for any that is not named. */
type Methods<T> = Map<string, T>

interface Node<T> {
  readonly literals: Map<string, Node<T>>
  star: Node<T> | undefined
  /** What follows a `**`, the longest suffix first. */
  readonly rests: Rest<T>[]
  /** By verb. */
  readonly ends: Map<string, Methods<T>>
}

interface Rest<T> {
  readonly suffix: readonly string[]
  readonly ends: Map<string, Methods<T>>
}

/**
 * Values by path template. Where several templates match a path, the one wins that is more literal at the first segment
 * where they differ: literal before `*` before `**`. No path takes longer than there are templates.
 */
export class Trie<T> {
  readonly #root: Node<T> = emptyNode()

  /** Adds a value; gives the one that has the same place already, and then adds nothing. */
  add(method: string, template: PathTemplate, value: T): T | undefined {
    const methods = placeOf(this.#root, template)
    const present = methods.get(method)
    if (present === undefined) methods.set(method, value)
    return present
  }

  /** The value for a request. */
  find(query: PathQuery): T | undefined {
    return search(this.#root, 0, query, (methods) => methods.get(query.method) ?? methods.get('*'))
  }

  /** The HTTP methods that have a value for the path. */
  methods(query: PathQuery): string[] {
    const all = new Set<string>()
    search(this.#root, 0, query, (methods) => {
      for (const method of methods.keys()) all.add(method)
      return undefined
    })
    return [...all]
  }
}

function emptyNode<T>(): Node<T> {
  return { literals: new Map(), star: undefined, rests: [], ends: new Map() }
}

function placeOf<T>(root: Node<T>, { segments, verb }: PathTemplate): Methods<T> {
  let node = root
  for (const [index, segment] of segments.entries()) {
    if (segment === REST) return methodsOf(restOf(node, segments.slice(index + 1)).ends, verb)
    node = childOf(node, segment)
  }
  return methodsOf(node.ends, verb)
}

function childOf<T>(node: Node<T>, segment: string): Node<T> {
  if (segment === STAR) {
    node.star ??= emptyNode()
    return node.star
  }
  const child = node.literals.get(segment) ?? emptyNode<T>()
  node.literals.set(segment, child)
  return child
}

function restOf<T>(node: Node<T>, suffix: readonly string[]): Rest<T> {
  const present = node.rests.find((rest) => rest.suffix.join('/') === suffix.join('/'))
  if (present) return present
  const rest = { suffix, ends: new Map<string, Methods<T>>() }
  node.rests.push(rest)
  node.rests.sort((one, other) => other.suffix.length - one.suffix.length)
  return rest
}

function methodsOf<T>(ends: Map<string, Methods<T>>, verb: string): Methods<T> {
  const methods = ends.get(verb) ?? new Map<string, T>()
  ends.set(verb, methods)
  return methods
}

type Take<T> = (methods: Methods<T>) => T | undefined

// Every edge takes one segment, so each node is visited at most once: the search cannot blow up.
function search<T>(node: Node<T>, index: number, query: PathQuery, take: Take<T>): T | undefined {
  const { segments, verb } = query
  const segment = segments[index]
  if (segment === undefined) {
    const methods = node.ends.get(verb)
    const value = methods && take(methods)
    return value ?? searchRests(node, index, query, take)
  }
  const literal = node.literals.get(segment)
  const value = literal && search(literal, index + 1, query, take)
  if (value !== undefined) return value
  const starred = node.star && segment !== '' ? search(node.star, index + 1, query, take) : undefined
  return starred ?? searchRests(node, index, query, take)
}

function searchRests<T>(node: Node<T>, index: number, query: PathQuery, take: Take<T>): T | undefined {
  const { segments, verb } = query
  for (const { suffix, ends } of node.rests) {
    const from = segments.length - suffix.length
    const methods = from >= index && suffix.every((part, n) => part === segments[from + n]) ? ends.get(verb) : undefined
    const value = methods && take(methods)
    if (value !== undefined) return value
  }
  return undefined
}
