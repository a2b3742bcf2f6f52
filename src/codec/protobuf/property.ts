import { fromSource } from './source/from-source.js'

/** Most properties that an object has room for in itself, with some to spare. */
const MOST_IN_OBJECT = 100

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
  const key = JSON.stringify(name)
  const source = `({ get: (message) => ${getterSource(name)}, set: (message, value) => { message[${key}] = value } })`
  return (
    fromSource<Property>(source) ?? {
      get: (message) => (isInherited(name) && !Object.hasOwn(message, name) ? undefined : message[name]),
      set: (message, value) => {
        message[name] = value
      },
    }
  )
}

/** An expression for a property of `message`. */
export function getterSource(name: string): string {
  const key = JSON.stringify(name)
  return isInherited(name) ? `Object.hasOwn(message, ${key}) ? message[${key}] : undefined` : `message[${key}]`
}

/** An inherited property, `constructor`, is a field only where the message has it itself. */
function isInherited(name: string): boolean {
  return name in Object.prototype
}

/**
 * A function that makes messages with their defaults in place. Others are properties that messages get later: room is kept
 * for them in the object itself.
 */
export function creatorOf(defaults: ReadonlyMap<string, Default>, others: readonly string[]): () => Fields {
  const entries = [...defaults]
  return (
    fromSource<() => Fields>(
      creatorSource(entries, others),
      entries.map(([, fallback]) => fallback),
    ) ?? (() => Object.fromEntries(entries.map(([name, fallback]) => [name, defaultOf(fallback)])))
  )
}

function creatorSource(entries: readonly (readonly [string, Default])[], others: readonly string[]): string {
  const names = [...entries.map(([name]) => name), ...others].map((name) => JSON.stringify(name))
  const values = entries.map(([, fallback], index) => defaultSource(fallback, index))
  if (names.length > MOST_IN_OBJECT || names.some((name) => JSON.parse(name) in Object.prototype))
    return `() => ({ ${values.map((value, index) => `${names[index]}: ${value}`).join(', ')} })`
  const assigned = names.map((name, index) => `this[${name}] = ${values[index] ?? 'undefined'}`)
  // The engine sizes objects of a function by the first ones that it makes. What it makes is a plain object all the same.
  return `(() => {
    function Message(whole) {
      ${assigned.slice(0, values.length).join('\n')}
      if (whole) { ${assigned.slice(values.length).join('\n')} }
    }
    Message.prototype = Object.prototype
    for (let n = 0; n < 8; n++) new Message(true)
    return () => new Message(false)
  })()`
}

function defaultSource(fallback: Default, index: number): string {
  if (fallback === 'list') return '[]'
  if (fallback === 'map') return 'Object.create(null)'
  const { value } = fallback
  if (typeof value === 'bigint') return `${value}n`
  return typeof value === 'object' ? `links[${index}].value` : JSON.stringify(value)
}

/** The value of a default. */
export function defaultOf(fallback: Default): unknown {
  if (fallback === 'list') return []
  return fallback === 'map' ? Object.create(null) : fallback.value
}
