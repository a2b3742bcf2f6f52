import { Code } from 'tierkit/error'
import { grpcChannel } from 'tierkit/transport/grpc'
import { describe, expect, it, vi } from 'vitest'
import { goaway, ping, Setting } from '../../http2/peer/frames.js'
import { afterwards, call } from '../../transport/grpc-suite/fixture.js'
import { type Answer, rawServer } from './raw-server.js'

const TEXT = 'y'.repeat(20_000)

/** A channel to a server that answers so. */
async function connect(answer: Answer, ...settings: number[]) {
  const server = await rawServer(answer, ...settings)
  const channel = grpcChannel(server.url)
  afterwards(() => server.close())
  afterwards(() => channel.close())
  return { server, ask: () => call(channel, 'unary', 'x', { timeoutMs: 20_000 }).response }
}

const whole =
  (cut?: number, pad?: number): Answer =>
  async (connection, stream) => {
    connection.begin(stream)
    await connection.message(stream, TEXT, cut, pad)
    connection.end(stream)
  }

// The cases of gRPC's own http2_test server, by name.
describe('a client of a server that does what servers should not', () => {
  it('goaway: makes the next call on a new connection', async () => {
    const { server, ask } = await connect(async (connection, stream) => {
      await whole()(connection, stream)
      connection.send(goaway(stream, 0))
    })
    expect(await ask()).toBe(TEXT)
    expect(await ask()).toBe(TEXT)
    expect(server.connections.map(({ requests }) => requests)).toEqual([1, 1])
  })

  it('rst_after_header: fails', async () => {
    const { ask } = await connect((connection, stream) => {
      connection.begin(stream)
      connection.reset(stream)
    })
    await expect(ask()).rejects.toMatchObject({ code: Code.INTERNAL })
  })

  it('rst_during_data: fails', async () => {
    const { ask } = await connect(async (connection, stream) => {
      connection.begin(stream)
      void connection.message(stream, TEXT, 10_000)
      connection.reset(stream)
    })
    await expect(ask()).rejects.toMatchObject({ code: Code.INTERNAL })
  })

  it('rst_after_data: fails, for there was no status', async () => {
    const { ask } = await connect(async (connection, stream) => {
      connection.begin(stream)
      await connection.message(stream, TEXT)
      connection.reset(stream)
    })
    await expect(ask()).rejects.toMatchObject({ code: Code.INTERNAL })
  })

  it('ping: answers each', async () => {
    const { server, ask } = await connect(async (connection, stream) => {
      connection.send(ping())
      connection.begin(stream)
      connection.send(ping())
      await connection.message(stream, TEXT)
      connection.send(ping())
      connection.end(stream)
      connection.send(ping())
    })
    expect(await ask()).toBe(TEXT)
    await vi.waitFor(() => expect(server.connections[0]?.pongs).toBe(4))
  })

  it('max_streams: has no more calls under way than it may, and they all succeed', async () => {
    let open = 0
    let most = 0
    const { server, ask } = await connect(
      async (connection, stream) => {
        open += 1
        most = Math.max(most, open)
        await new Promise(setImmediate)
        open -= 1
        await whole()(connection, stream)
      },
      Setting.MAX_CONCURRENT_STREAMS,
      1,
    )
    expect(await ask()).toBe(TEXT)
    const answers = await Promise.all(Array.from({ length: 10 }, ask))
    expect(new Set(answers)).toEqual(new Set([TEXT]))
    // A connection that is full has others beside it.
    expect(most).toBeLessThanOrEqual(server.connections.length)
  })

  it.each([
    ['data_frame_padding: gives back the windows that padding takes', 255],
    ['no_df_padding_sanity_test: the same without padding', undefined],
  ])('%s', async (_, pad) => {
    const { ask } = await connect(whole(5, pad))
    expect(await ask()).toBe(TEXT)
  })
})
