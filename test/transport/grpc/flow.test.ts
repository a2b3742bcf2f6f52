import { describe, expect, it } from 'vitest'
import { fast } from '../grpc-suite/engines.js'
import { all, bind, call, fixtureOf, gate } from '../grpc-suite/fixture.js'

const { connect } = fixtureOf(fast)

const PIECE = 'x'.repeat(16_384)
/** More than windows and queues of one stream hold together, in messages. */
const FAR = 2000

const ping = bind('unary', async (request: string) => request, 'ping')

/** Waits until something has stopped to grow over many round trips. */
async function standstill(channel: Parameters<typeof call>[0], count: () => number): Promise<number> {
  for (let before = -1; ; ) {
    for (let n = 0; n < 20; n += 1) await call(channel, 'unary', 'x', { name: 'ping' }).response
    if (count() === before) return before
    before = count()
  }
}

describe('a sender', () => {
  it('waits for a client that does not read, and goes on when it does', async () => {
    let sent = 0
    const many = bind('server_stream', async () =>
      (async function* () {
        for (; sent < FAR; sent += 1) yield PIECE
      })(),
    )
    const { channel } = await connect([many, ping])
    const responses = (await call(channel, 'server_stream', '').response) as AsyncIterator<string>
    await responses.next()
    expect(await standstill(channel, () => sent)).toBeLessThan(FAR)
    let received = 1
    for (let next = await responses.next(); !next.done; next = await responses.next()) received += 1
    expect(received).toBe(FAR)
  })

  it('waits for a handler that does not read, and goes on when it does', async () => {
    const go = gate()
    const slow = bind('client_stream', async (requests) => {
      await go.reached
      return `${(await all(requests)).length}`
    })
    const { channel } = await connect([slow, ping])
    let sent = 0
    const { response } = call(
      channel,
      'client_stream',
      (async function* () {
        for (; sent < FAR; sent += 1) yield PIECE
      })(),
    )
    expect(await standstill(channel, () => sent)).toBeLessThan(FAR)
    go.open()
    expect(await response).toBe(`${FAR}`)
  })

  it('is let go when the call is cancelled while it waits for room', async () => {
    const left = gate()
    let sent = 0
    const many = bind('server_stream', async () =>
      (async function* () {
        try {
          for (;;) {
            sent += 1
            yield PIECE
          }
        } finally {
          left.open()
        }
      })(),
    )
    const { channel } = await connect([many, ping])
    const { context, response } = call(channel, 'server_stream', '')
    const responses = (await response) as AsyncIterator<string>
    await standstill(channel, () => sent)
    context.cancel()
    await left.reached
    await expect(responses.next()).rejects.toMatchObject({ code: 1 })
  })
})

it('a message far larger than the windows passes whole, in both directions', async () => {
  const { channel } = await connect([bind('unary', async (request: string) => request)], {
    server: { maxReceiveBytes: 2 ** 25 },
    channel: { maxReceiveBytes: 2 ** 25 },
  })
  const long = 'long '.repeat(4_000_000)
  expect((await call(channel, 'unary', long).response) === long).toBe(true)
})

it('many calls at once each get their own answer', async () => {
  const { channel } = await connect([bind('unary', async (request: string) => request)])
  const sizes = Array.from({ length: 2000 }, (_, n) => (n * 7919) % 70_000)
  const answers = await Promise.all(sizes.map((size, n) => call(channel, 'unary', `${n}:${'y'.repeat(size)}`).response))
  answers.forEach((answer, n) => {
    expect(answer).toBe(`${n}:${'y'.repeat(sizes[n] ?? 0)}`)
  })
})
