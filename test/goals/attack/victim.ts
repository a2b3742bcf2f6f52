import { closeClient, createClient } from 'tierkit/client'
import { grpcChannel } from 'tierkit/transport/grpc'
import { Load, type LoadResult } from '../load.js'
import { Traffic } from '../process/traffic.js'

/** A client of good faith that makes a hundred calls a second of a server while others attack it. */
export class Victim {
  readonly #client
  readonly #channel
  readonly #load: Load

  constructor(url: string, perSecond = 100) {
    this.#channel = grpcChannel(url)
    const client = createClient(Traffic, { channel: this.#channel, middleware: [], timeoutMs: 20_000 })
    this.#client = client
    this.#load = new Load(perSecond, () => client.one({ text: 'hello' }))
  }

  /** How many calls it has made. */
  get calls(): number {
    return this.#load.calls
  }

  /** Makes no more; what came of them. */
  async stop(): Promise<LoadResult> {
    const result = await this.#load.stop()
    await closeClient(this.#client)
    await this.#channel.close()
    return result
  }
}

/** Makes so many calls, each of which must be answered. */
export async function callTimes(url: string, times: number): Promise<void> {
  const channel = grpcChannel(url)
  const client = createClient(Traffic, { channel, middleware: [] })
  for (let count = 0; count < times; count += 1) await client.one({ text: 'hello' })
  await closeClient(client)
  await channel.close()
}
