import type { MethodKind } from '../../endpoint/method.js'
import type { Middleware } from '../../endpoint/middleware.js'
import type { MessageSource } from '../message/message-type.js'
import type { MethodOptions } from '../method-spec.js'
import { isStandard } from './decorated.js'

/** What `@rpc` says of a method. Messages and what goes with them are for classes that are their own contract. */
export interface RpcOptions extends MethodOptions {
  readonly request?: MessageSource<unknown> | undefined
  readonly response?: MessageSource<unknown> | undefined
  readonly kind?: MethodKind | undefined
}

/** What the decorators of one method said. */
export interface MethodRecord {
  /** What `@rpc` said; `undefined` without one. */
  rpc: RpcOptions | undefined
  /** What all `@use` said, the outermost first. */
  use: readonly Middleware[]
}

type MethodRecords = Map<string, MethodRecord>

// By prototype in legacy mode. A standard decorator of a method is not told its class (`context.metadata` is missing
// under tsc), only each instance as it is made: so by instance there.
const records = new WeakMap<object, MethodRecords>()
/** The same by the method itself, for who asks without an instance: not there where another decorator put one in its place. */
const byMethod = new WeakMap<object, MethodRecord>()

/** A decorator of methods that records: in standard mode `(method, context)`, in legacy mode `(prototype, name, descriptor)`. */
export type RecordingDecorator = (target: unknown, context: unknown, descriptor?: PropertyDescriptor) => void

/** Makes a method decorator of what it changes in the record. `name` is for error texts: `@rpc`. */
export function methodDecorator(name: string, change: (record: MethodRecord) => void): RecordingDecorator {
  return (target, context, descriptor) => {
    if (!isStandard(context)) {
      const isMethod = typeof target === 'object' && typeof descriptor?.value === 'function'
      if (!isMethod || typeof context !== 'string') throw misplaced(name, context)
      change(recordOf(target as object, context))
      return
    }
    if (context.kind !== 'method' || context.static || context.private || typeof context.name !== 'string')
      throw misplaced(name, context.name)
    const key = context.name
    const record = byMethod.get(target as object) ?? { rpc: undefined, use: [] }
    byMethod.set(target as object, record)
    change(record)
    context.addInitializer(function (this: unknown) {
      change(recordOf(this as object, key))
    })
  }
}

/**
 * What was recorded for the methods of an instance, by the name of the method. Classes inherit: the nearest `@rpc` counts,
 * and all `@use`, those of the nearest class outermost.
 */
export function methodRecords(instance: object): ReadonlyMap<string, MethodRecord> {
  return merged(instance, (at) => records.get(at) ?? [])
}

/** The same for a class by its prototype, without an instance. */
export function prototypeRecords(prototype: object): ReadonlyMap<string, MethodRecord> {
  return merged(prototype, (at) => records.get(at) ?? standardRecords(at))
}

function* standardRecords(prototype: object): Generator<[string, MethodRecord]> {
  for (const [key, { value }] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
    const record = typeof value === 'function' ? byMethod.get(value) : undefined
    if (record) yield [key, record]
  }
}

function merged(from: object, recordsAt: (at: object) => Iterable<[string, MethodRecord]>): MethodRecords {
  const all: MethodRecords = new Map()
  for (let at: object | null = from; at; at = Object.getPrototypeOf(at)) {
    for (const [key, { rpc, use }] of recordsAt(at)) {
      const nearer = all.get(key)
      all.set(key, { rpc: nearer?.rpc ?? rpc, use: [...(nearer?.use ?? []), ...use] })
    }
  }
  return all
}

function recordOf(owner: object, key: string): MethodRecord {
  const methods = records.get(owner) ?? new Map<string, MethodRecord>()
  records.set(owner, methods)
  const record = methods.get(key) ?? { rpc: undefined, use: [] }
  methods.set(key, record)
  return record
}

function misplaced(name: string, where: unknown): TypeError {
  const place = where === undefined ? '' : ` on ${String(where)}`
  return new TypeError(`${name} stands${place}: it goes on public methods of a class that are not static`)
}
