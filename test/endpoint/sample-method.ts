import type { Method, MethodKind } from 'tierkit/endpoint'

const codec = { typeName: 'test.Any' } as Method['request']

/** A method for tests that never encode anything. */
export function sampleMethod(kind: MethodKind = 'unary', name = 'Call'): Method {
  return {
    service: 'test.Service',
    name,
    path: `/test.Service/${name}`,
    kind,
    idempotency: 'unknown',
    request: codec,
    response: codec,
    http: [],
  }
}
