import { Context, type ContextInit, type Idempotency, Metadata, type Method } from 'tierkit/endpoint'
import { Code, type ErrorCode, RpcError, type RpcErrorOptions } from 'tierkit/error'
import { createFakeClock, type FakeClock } from '../../src/testing/fake-clock.js'

const codec = { typeName: 'Any' } as never

/** A method without real messages. */
export function methodOf(
  kind: Method['kind'] = 'unary',
  { idempotency = 'unknown', name = 'Call' }: { idempotency?: Idempotency; name?: string } = {},
): Method {
  const service = 'test.v1.Things'
  return { service, name, path: `/${service}/${name}`, kind, idempotency, request: codec, response: codec, http: [] }
}

/** A context on a fake clock, on a client unless said otherwise. */
export function callContext(init: Partial<ContextInit> & { clock?: FakeClock } = {}): Context & { clock: FakeClock } {
  const { method = methodOf(), side = 'client', metadata = new Metadata(), clock = createFakeClock(1000) } = init
  return new Context({ ...init, method, side, metadata, clock }) as Context & { clock: FakeClock }
}

/** An error of a server. */
export function failure(code: ErrorCode = Code.UNAVAILABLE, options: RpcErrorOptions = {}): RpcError {
  return new RpcError(code, 'not now', options)
}

/** What a promise rejects with. */
export async function rejection(promise: Promise<unknown>): Promise<RpcError> {
  try {
    await promise
  } catch (error) {
    return error as RpcError
  }
  throw new Error('it should have failed')
}

/** A stream of values that may end with an error. */
export async function* streamOf<T>(values: readonly T[], error?: unknown): AsyncGenerator<T> {
  yield* values
  if (error !== undefined) throw error
}

/** Everything in a stream, up to its end or its error. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<{ values: T[]; error: unknown }> {
  const values: T[] = []
  try {
    for await (const value of stream) values.push(value)
  } catch (error) {
    return { values, error }
  }
  return { values, error: undefined }
}
