import { parseTemplate, REST, STAR } from '../kernel.js'

/** A path as OpenAPI writes it. */
export interface OpenApiPath {
  /** `/v1/shelves/{shelf}/books/{book}:publish`. */
  readonly path: string
  /** The same without the names of parameters: paths that agree in it are one. */
  readonly key: string
  readonly variables: readonly PathVariable[]
}

/** A wildcard of a path, which is a parameter. */
export interface PathVariable {
  readonly name: string
  /** The field that it fills, or fills in part; empty for a wildcard that fills none. */
  readonly fieldPath: readonly string[]
  /** What the whole field looks like, if the parameter is only a part of it: `shelves/*`. */
  readonly pattern: string | undefined
  /** Any number of segments, where all others are one. */
  readonly isRest: boolean
}

/**
 * Writes a path template the way OpenAPI does, whose parameters are one segment each: literals inside of a variable become
 * literals of the path, and each wildcard a parameter. `{name=shelves/*}` is `shelves/{name}`; of several wildcards each has the
 * name of what is in front of it: `shelves/{shelf}/books/{book}`.
 *
 * Throws an `Error` for a template that is none.
 */
export function pathOf(text: string, nameOf: (fieldPath: readonly string[]) => string): OpenApiPath {
  const { segments, variables, verb } = parseTemplate(text)
  const taken = new Set<string>()
  const found: PathVariable[] = []
  const parts = segments.map((segment, index) => {
    if (segment !== STAR && segment !== REST) return segment
    const variable = variables.find(({ start, end }) => start <= index && index < end)
    const { start = index, end = index + 1, fieldPath = [] } = variable ?? {}
    const within = segments.slice(start, end)
    const isOnly = within.filter((one) => one === STAR || one === REST).length === 1
    const wanted = variable && isOnly ? nameOf(fieldPath) : singular(segments[index - 1])
    const name = free(wanted, taken)
    const pattern = within.length > 1 ? within.join('/') : undefined
    found.push({ name, fieldPath, pattern, isRest: segment === REST })
    return `{${name}}`
  })
  const path = `/${parts.join('/')}${verb === '' ? '' : `:${verb}`}`
  return { path, key: path.replace(/\{[^}]*\}/g, '{}'), variables: found }
}

/** What one of several is called: `shelves` has a `shelf`. */
function singular(literal = ''): string {
  const word = literal.replace(/[^A-Za-z0-9_]+/g, '_')
  if (word === '') return 'segment'
  return word
    .replace(/lves$/, 'lf')
    .replace(/ies$/, 'y')
    .replace(/([^s])s$/, '$1')
}

function free(wanted: string, taken: Set<string>): string {
  let name = wanted
  for (let count = 2; taken.has(name); count++) name = `${wanted}_${count}`
  taken.add(name)
  return name
}
