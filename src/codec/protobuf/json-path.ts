import type { JsonValue } from '../message-codec.js'
import { member } from './misfit.js'

/** Members looked at before the search is given up: it must stay cheap for input that was made to be expensive. */
const MAX_STEPS = 10_000

/**
 * Where in a JSON value a reader fails: runs it once more, on a view of the value that notes which member is looked at.
 * Empty if the value itself is wrong, or the place is not found.
 */
export function pathOfFailure(json: JsonValue, read: (json: JsonValue) => unknown): string {
  const trace = new Trace()
  try {
    read(trace.watch(json, '') as JsonValue)
    return ''
  } catch {
    return trace.steps > MAX_STEPS ? '' : trace.path
  }
}

class Trace {
  path = ''
  steps = 0
  #done = false

  /** A view of an object or array; anything else as it is. */
  watch(value: unknown, path: string): unknown {
    if (typeof value !== 'object' || value === null) return value
    const isArray = Array.isArray(value)
    const at = (key: string): string => (isArray ? `${path}[${key}]` : path + member(key, path))
    return new Proxy(value, {
      getOwnPropertyDescriptor: (target, key) => {
        if (typeof key === 'string') this.#note(at(key))
        return Reflect.getOwnPropertyDescriptor(target, key)
      },
      get: (target, key) => {
        if (typeof key === 'symbol' || (isArray && key === 'length')) return Reflect.get(target, key)
        // Only `JSON.stringify` asks for this: the reader has failed and quotes the value.
        if (key === 'toJSON') this.#done = true
        this.#note(at(key))
        return this.watch(Reflect.get(target, key), at(key))
      },
    })
  }

  #note(path: string): void {
    if (this.#done) return
    this.steps++
    if (this.steps > MAX_STEPS) throw new Error('too many members')
    this.path = path
  }
}
