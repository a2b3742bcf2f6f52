import {
  Context,
  type ContextInit,
  type Endpoint,
  Metadata,
  type MetadataInit,
  type Method,
  type Middleware,
  runInContext,
  serve,
} from 'tierkit/endpoint'

/** A method without real messages. */
export function testMethod(kind: Method['kind'] = 'unary', name = 'PlaceOrder'): Method {
  const codec = { typeName: 'Any' } as never
  const service = 'shop.v1.Orders'
  const path = `/${service}/${name}`
  return { service, name, path, kind, idempotency: 'unknown', request: codec, response: codec, http: [] }
}

export interface TestCall extends Omit<Partial<ContextInit>, 'metadata'> {
  readonly metadata?: MetadataInit
  readonly kind?: Method['kind']
}

/** A context as a transport would make it. */
export function testContext(side: 'client' | 'server', { metadata, kind, ...init }: TestCall = {}): Context {
  return new Context({ method: testMethod(kind), side, ...init, metadata: new Metadata(metadata) })
}

/** Serves one call like a transport does, and finishes its context. */
export async function serveOnce<Res>(
  middleware: Middleware,
  handler: Endpoint<unknown, Res>,
  call: TestCall & { readonly request?: unknown } = {},
): Promise<{ response: Res | undefined; error: unknown; context: Context }> {
  const { request = {}, ...rest } = call
  const context = testContext('server', rest)
  try {
    return { response: await serve(middleware(handler), request, context), error: undefined, context }
  } catch (error) {
    return { response: undefined, error, context }
  }
}

/** Makes one call through a client's middleware; inside `parent`, if there is one. */
export async function callOnce<Res>(
  middleware: Middleware,
  endpoint: Endpoint<unknown, Res>,
  call: TestCall & { readonly request?: unknown; readonly within?: Context } = {},
): Promise<{ response: Res | undefined; error: unknown; context: Context }> {
  const { request = {}, within, ...rest } = call
  const context = testContext('client', rest)
  const run = () => middleware(endpoint)(request, context)
  try {
    return { response: await (within ? runInContext(within, run) : run()), error: undefined, context }
  } catch (error) {
    return { response: undefined, error, context }
  }
}

/** A stream of its arguments. */
export async function* streamOf<T>(...values: readonly T[]): AsyncGenerator<T> {
  yield* values
}

/** Everything in a stream. */
export async function collect<T>(stream: AsyncIterable<T> | undefined): Promise<T[]> {
  const values: T[] = []
  for await (const value of stream ?? []) values.push(value)
  return values
}
