import { fileURLToPath } from 'node:url'
import { createClient, type Service, serve } from 'tierkit'
import { closeClient } from 'tierkit/client'
import { bindings, loadProto, type ServiceDefinition } from 'tierkit/service'
import { onTestFinished } from 'vitest'

export const NOTES_PROTO: string = fileURLToPath(new URL('notes.proto', import.meta.url))

/** Where other tools find what the contract imports. */
export const INCLUDE: string = fileURLToPath(new URL('include', import.meta.url))

/** The contract as tierkit itself reads it. */
export const contract = loadProto(NOTES_PROTO)

/** Serves a service on a free port for the length of a test. */
export async function serving(service: Service): Promise<{ grpcUrl: string; httpUrl: string }> {
  const server = serve({ host: '127.0.0.1' })
  const { urls = [] } = await server.listen(bindings([service]))
  onTestFinished(() => server.close())
  const [grpcUrl = '', httpUrl = ''] = urls
  return { grpcUrl, httpUrl }
}

/** A client of a definition for the length of a test. */
export function clientOf<D extends ServiceDefinition>(definition: D, target: string) {
  const client = createClient(definition, { target })
  onTestFinished(() => closeClient(client))
  return client
}

/** A JSON request as any program sends it. */
export async function json(url: string, body?: string): Promise<[number, unknown]> {
  const init = { method: 'POST', headers: { 'content-type': 'application/json' }, body: body ?? '' }
  const response = await fetch(url, body === undefined ? {} : init)
  return [response.status, await response.json()]
}

/** Everything that a stream brings. */
export async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const seen: T[] = []
  for await (const one of stream) seen.push(one)
  return seen
}

/** Messages one after the other. */
export async function* each<T>(...messages: T[]): AsyncGenerator<T> {
  yield* messages
}
