import { closeClient, createClient } from 'tierkit/client'
import { Code } from 'tierkit/error'
import { grpcChannel } from 'tierkit/transport/grpc'
import { Traffic } from './traffic.js'

const open = (url: string) => {
  const channel = grpcChannel(url)
  return { channel, client: createClient(Traffic, { channel, middleware: [], timeoutMs: 30_000 }) }
}
type Opened = ReturnType<typeof open>
type Call = (client: Opened['client']) => Promise<unknown>

async function* texts(count: number): AsyncGenerator<{ text: string }> {
  for (let each = 0; each < count; each += 1) yield { text: `message ${each}` }
}

async function readAll(messages: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of messages);
}

/** Expects a call to fail in a way. */
const fails = (code: Code, call: Promise<unknown>): Promise<void> =>
  call.then(
    () => Promise.reject(new Error('the call was to fail')),
    (error) => {
      if (error.code !== code) throw error
    },
  )

/** What clients do. */
const good: readonly Call[] = [
  (client) => client.one({ text: 'x' }),
  (client) => client.one({ text: 'x'.repeat(20_000) }),
  (client) => readAll(client.down({ text: 'y'.repeat(1000) })),
  (client) => client.up(texts(5)),
  (client) => readAll(client.both(texts(5))),
]

/** What gives calls up: a server has little patience with a connection that does much of that. */
const bad: readonly Call[] = [
  (client) => fails(Code.DEADLINE_EXCEEDED, client.one({ text: 'hang' }, { timeoutMs: 5 })),
  (client) => {
    const controller = new AbortController()
    setTimeout(() => controller.abort(), 5)
    return fails(Code.CANCELLED, client.one({ text: 'hang' }, { signal: controller.signal }))
  },
  async (client) => {
    for await (const _ of client.down({ text: 'z' })) break
  },
]

const all = [...good, ...bad]

/** A mixed load: each call in its turn; one in twenty, any that is given up included, on a channel of its own. */
export class Churn {
  readonly #url: string
  readonly #shared: Opened
  #count = 0

  constructor(url: string) {
    this.#url = url
    this.#shared = open(url)
  }

  /** Makes the next call. */
  async next(): Promise<void> {
    const count = this.#count++
    if (count % 20 !== 0) {
      await good[count % good.length]?.(this.#shared.client)
      return
    }
    const own = open(this.#url)
    await all[(count / 20) % all.length]?.(own.client)
    await close(own)
  }

  close(): Promise<void> {
    return close(this.#shared)
  }
}

async function close({ client, channel }: Opened): Promise<void> {
  await closeClient(client)
  await channel.close()
}
