/** A message in the making. */
export type Fields = Record<string, unknown>

/** Access to one property of messages. */
export interface Property {
  get(message: Readonly<Fields>): unknown
  set(message: Fields, value: unknown): void
}

/** Default of a property: a value to share, or a list or map to make anew. */
export type Default = { readonly value: unknown } | 'list' | 'map'

/**
 * Access to a property, by code of its own: engines make `message.total` fast where a piece of code sees one property
 * only, while `message[name]` in code that all fields share costs several times as much.
 */
export function propertyOf(name: string): Property {
  // An inherited property, `constructor`, is a field only where the message has it itself.
  const inherited = name in Object.prototype
  const key = JSON.stringify(name)
  const get = inherited ? `Object.hasOwn(message, ${key}) ? message[${key}] : undefined` : `message[${key}]`
  const source = `return { get: (message) => ${get}, set: (message, value) => { message[${key}] = value } }`
  return (
    compiled<Property>(source) ?? {
      get: (message) => (inherited && !Object.hasOwn(message, name) ? undefined : message[name]),
      set: (message, value) => {
        message[name] = value
      },
    }
  )
}

/** A function that makes messages with their defaults in place. */
export function creatorOf(defaults: ReadonlyMap<string, Default>): () => Fields {
  const entries = [...defaults]
  const values = entries.map(([, fallback]) => (typeof fallback === 'object' ? fallback.value : undefined))
  const properties = entries.map(([name, fallback], index) => {
    const expression = fallback === 'list' ? '[]' : fallback === 'map' ? 'Object.create(null)' : `values[${index}]`
    return `${JSON.stringify(name)}: ${expression}`
  })
  return (
    compiled<() => Fields>(`return () => ({ ${properties.join(', ')} })`, values) ??
    (() => Object.fromEntries(entries.map(([name, fallback]) => [name, defaultOf(fallback)])))
  )
}

/** The value of a default. */
export function defaultOf(fallback: Default): unknown {
  if (fallback === 'list') return []
  return fallback === 'map' ? Object.create(null) : fallback.value
}

/** Runs source made of constants; `undefined` where the process forbids code from strings. */
function compiled<T>(source: string, values: readonly unknown[] = []): T | undefined {
  try {
    return new Function('values', source)(values) as T
  } catch {
    return undefined
  }
}
