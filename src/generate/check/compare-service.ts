import type { MethodSchema, ServiceSchema } from '../../service/proto-schema/proto-schema.js'
import { type Change, change, inside, type Place } from './breaking-change.js'
import { httpChanges } from './compare-http.js'
import type { Places } from './compare-message.js'
import { type TypeComparison, typeChange } from './type-change.js'

/** A service before and after. */
export interface ServicePair {
  readonly before: ServiceSchema
  readonly after: ServiceSchema
  readonly places: Places
}

/** What changed of a service. */
export function compareService({ before, after, places }: ServicePair, types: TypeComparison): Change[] {
  return before.methods.flatMap((method) => {
    const now = after.methods.find(({ name }) => name === method.name)
    if (now) return compareMethod(method, now, { place: inside(places.after, now.name), types })
    const text = 'method is removed'
    return [change('METHOD_REMOVED', inside(places.before, method.name), { text, breaks: ['wire', 'json', 'source'] })]
  })
}

/** How methods are compared. */
interface Comparing {
  readonly place: Place
  readonly types: TypeComparison
}

function compareMethod(before: MethodSchema, after: MethodSchema, { place, types }: Comparing): Change[] {
  const changes: Change[] = []
  if (before.kind !== after.kind) {
    const text = `is ${after.kind}, was ${before.kind}`
    changes.push(change('METHOD_KIND_CHANGED', place, { text, breaks: ['wire', 'json', 'source'] }))
  }
  const request = typeChange(before.request, after.request, types)
  if (request) {
    const text = `takes ${after.request.fullName}, was ${before.request.fullName}`
    changes.push(change('METHOD_REQUEST_CHANGED', place, { text, breaks: request }))
  }
  const response = typeChange(before.response, after.response, types)
  if (response) {
    const text = `returns ${after.response.fullName}, was ${before.response.fullName}`
    changes.push(change('METHOD_RESPONSE_CHANGED', place, { text, breaks: response }))
  }
  return [...changes, ...idempotencyChanges(before, after, place), ...httpChanges(before, after, place)]
}

const LEVELS = { unknown: 0, idempotent: 1, no_side_effects: 2 }

function idempotencyChanges(before: MethodSchema, after: MethodSchema, place: Place): Change[] {
  if (LEVELS[after.idempotency] >= LEVELS[before.idempotency]) return []
  const text = `has the idempotency ${after.idempotency}, was ${before.idempotency}: callers may repeat it, or call it with GET`
  return [change('METHOD_IDEMPOTENCY_LOST', place, { text, breaks: ['wire', 'json'] })]
}
