import assert from 'node:assert/strict'
import type { Client, Context } from 'tierkit'
import { type Code, codeName, RpcError } from 'tierkit'
import type { TestService, UnimplementedService } from '../contract.js'

/** What a case has to call with. */
export interface Peer {
  readonly test: Client<typeof TestService>
  readonly unimplemented: Client<typeof UnimplementedService>
  /** Opens a client with a connection of its own. */
  open(): Client<typeof TestService>
  /** A client that shows the context of each call before it is made. */
  watch(see: (context: Context) => void): Client<typeof TestService>
}

/** Resolves if the peer does what the case asks of it. */
export type Case = (peer: Peer) => Promise<void>

/** So many zero bytes as a payload. */
export const payload = (size: number) => ({ type: 0, body: new Uint8Array(size) })

/** Reads a stream to its end. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = []
  for await (const message of stream) all.push(message)
  return all
}

/** That a call fails with a code, and with a message if one is given. */
export async function failsWith(call: Promise<unknown>, code: Code, message?: string): Promise<void> {
  const error = await call.then(
    () => assert.fail('the call was to fail'),
    (thrown: unknown) => thrown,
  )
  assert(error instanceof RpcError, `the call failed with something else than an RpcError: ${error}`)
  assert.equal(codeName(error.code), codeName(code))
  if (message !== undefined) assert.equal(error.rawMessage, message)
}
