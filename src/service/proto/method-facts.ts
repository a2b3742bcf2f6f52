import type { Method } from 'protobufjs'
import { valueNamed } from '../../codec/schema/named.js'
import type { Options } from '../../codec/schema/schema.js'
import type { HttpRule, Idempotency, MethodKind } from '../../endpoint/method.js'
import { UNFIT_NAMES } from '../unfit-names.js'
import { httpRules } from './http-rules.js'

/** What a method of a `.proto` file says of itself, beside its messages. */
export interface MethodFacts {
  /** Name as in the file: `PlaceOrder`. */
  readonly name: string
  /** Name that code uses: `placeOrder`; as in the file where another method, or every object, has that name. */
  readonly localName: string
  readonly kind: MethodKind
  readonly idempotency: Idempotency
  readonly http: readonly HttpRule[]
}

const LEVELS: Readonly<Record<string, Idempotency>> = {
  NO_SIDE_EFFECTS: 'no_side_effects',
  IDEMPOTENT: 'idempotent',
}

/** Reads kind and options of a method. */
export function methodFacts(method: Method): MethodFacts {
  const { name, requestStream, responseStream, parsedOptions, options } = method
  return {
    name,
    localName: localName(method),
    kind: requestStream
      ? responseStream
        ? 'bidi_stream'
        : 'client_stream'
      : responseStream
        ? 'server_stream'
        : 'unary',
    idempotency: valueNamed(LEVELS, String(options?.idempotency_level)) ?? 'unknown',
    http: httpRules(parsedOptions ?? []),
  }
}

function localName({ name, parent }: Method): string {
  const lower = name.charAt(0).toLowerCase() + name.slice(1)
  if (UNFIT_NAMES.has(lower)) return name.charAt(0).toUpperCase() + name.slice(1)
  return lower !== name && (parent?.get(lower) || lower in Object.prototype) ? name : lower
}

/** The options of a method that it has no property of its own for. */
export function otherOptions(options: Options): Options {
  const known = ['deprecated', 'idempotency_level', '(google.api.http)']
  return Object.fromEntries(Object.entries(options).filter(([name]) => !known.includes(name)))
}
