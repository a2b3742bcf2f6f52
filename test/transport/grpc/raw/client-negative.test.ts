import { Code, RpcError } from 'tierkit/error'
import { grpcChannel } from 'tierkit/transport/grpc'
import { describe, expect, it } from 'vitest'
import { content, Flag, goaway, headers, ping, rstStream, Setting, settings, Type } from '../../../http2/peer/frames.js'
import { response } from '../../../http2/peer/hpack-writer.js'
import { afterwards, all, call } from '../../grpc-suite/fixture.js'
import { frame } from '../../grpc-suite/raw-client.js'
import type { RawConnection } from './raw-connection.js'
import { begun, rawServer, requested, statusOnly, trailers } from './raw-server.js'

const hello = frame('hello')

function open(url: string, options = {}) {
  const channel = grpcChannel(url, options)
  afterwards(() => channel.close())
  return channel
}

/** Answers one stream as a whole. */
const answer = (stream: number) => [headers(stream, begun), content(stream, hello), trailers(stream)]

async function failure(response: Promise<unknown>): Promise<RpcError> {
  const error = await response.catch((thrown: unknown) => thrown)
  if (error instanceof RpcError) return error
  throw new Error('the call was to fail', { cause: error })
}

/** A channel to a server that answers the first stream with these frames. */
async function answered(...frames: Uint8Array[]) {
  const { url } = await rawServer(async (connection) => {
    await requested(connection, 1)
    connection.send(...frames)
  })
  return open(url)
}

describe('the negative cases of gRPC', () => {
  it('goaway: the next call goes over a new connection', async () => {
    const { url, connections } = await rawServer(async (connection) => {
      await requested(connection, 1)
      connection.send(...answer(1), goaway(1, 0))
    })
    const channel = open(url)
    expect(await call(channel, 'unary', 'x').response).toBe('hello')
    while (channel.state === 'ready') await new Promise(setImmediate)
    expect(await call(channel, 'unary', 'x').response).toBe('hello')
    expect(connections).toHaveLength(2)
  })

  it.each([
    ['rst_after_header', [headers(1, begun)]],
    ['rst_during_data', [headers(1, begun), content(1, hello.subarray(0, 7))]],
    ['rst_after_data', [headers(1, begun), content(1, hello)]],
  ])('%s: the call fails', async (_, frames) => {
    const channel = await answered(...frames, rstStream(1, 0))
    expect(await failure(call(channel, 'unary', 'x').response)).toMatchObject({ code: Code.INTERNAL, neverSent: false })
  })

  it('ping: every ping is answered', async () => {
    const acks = (connection: RawConnection) =>
      connection.frames.filter(({ type, flags }) => type === Type.PING && (flags & Flag.ACK) !== 0)
    const { url, connections } = await rawServer(async (connection) => {
      connection.send(ping('before__'))
      await requested(connection, 1)
      connection.send(
        ping('headers_'),
        headers(1, begun),
        ping('content_'),
        content(1, hello),
        ping('trailers'),
        trailers(1),
      )
    })
    expect(await call(open(url), 'unary', 'x').response).toBe('hello')
    const [connection] = connections
    const found = await connection!.until(() => (acks(connection!).length === 4 ? acks(connection!) : undefined))
    expect(found.map(({ payload }) => Buffer.from(payload).toString())).toEqual([
      'before__',
      'headers_',
      'content_',
      'trailers',
    ])
  })

  it('max_streams: ten calls share one stream at a time', async () => {
    let most = 0
    const { url, connections } = await rawServer(
      async (connection) => {
        for (let id = 1; ; id += 2) {
          await requested(connection, id)
          const opened = connection.frames.filter(({ type }) => type === Type.HEADERS).length
          most = Math.max(most, opened - (id - 1) / 2)
          connection.send(...answer(id))
        }
      },
      settings(Setting.MAX_CONCURRENT_STREAMS, 1),
    )
    const channel = open(url, { maxConnections: 1 })
    const calls = Array.from({ length: 10 }, () => call(channel, 'unary', 'x').response)
    expect(await Promise.all(calls)).toEqual(Array(10).fill('hello'))
    expect(most).toBe(1)
    expect(connections).toHaveLength(1)
  })

  it.each([
    ['data_frame_padding', 255],
    ['no_df_padding_sanity_test', undefined],
  ])('%s: a response in frames of five bytes is whole', async (_, pad) => {
    const long = frame('x'.repeat(20_000))
    const pieces: Uint8Array[] = []
    for (let at = 0; at < long.length; at += 5) {
      pieces.push(content(1, long.subarray(at, at + 5), pad === undefined ? {} : { pad }))
    }
    // Without the padding given back, the windows would be used up long before the end.
    const { url } = await rawServer(async (connection) => {
      await requested(connection, 1)
      connection.send(headers(1, begun))
      let window = 65_535
      let counted = 0
      for (const piece of pieces) {
        const cost = piece.length - 9
        await connection.until(() => {
          const updates = connection.frames.filter(({ type, stream }) => type === Type.WINDOW_UPDATE && stream === 1)
          for (; counted < updates.length; counted += 1) {
            window += Buffer.from(updates[counted]?.payload ?? []).readUInt32BE(0)
          }
          return window >= cost ? true : undefined
        })
        window -= cost
        connection.send(piece)
      }
      connection.send(trailers(1))
    })
    expect(await call(open(url), 'unary', 'x').response).toBe('x'.repeat(20_000))
  })
})

describe('what was never looked at', () => {
  it('is a stream that was refused, or above the last one of GOAWAY', async () => {
    const refused = await answered(rstStream(1, 7))
    expect(await failure(call(refused, 'unary', 'x').response)).toMatchObject({
      code: Code.UNAVAILABLE,
      neverSent: true,
    })
    const { url } = await rawServer(async (connection) => {
      await requested(connection, 3)
      connection.send(goaway(1, 0), ...answer(1))
    })
    const channel = open(url)
    const [first, second] = [call(channel, 'unary', 'x').response, call(channel, 'unary', 'x').response]
    expect(await first).toBe('hello')
    expect(await failure(second)).toMatchObject({ code: Code.UNAVAILABLE, neverSent: true })
  })

  it('is not a call that the connection was lost under', async () => {
    const { url } = await rawServer(async (connection) => {
      await requested(connection, 1)
      connection.socket.destroy()
    })
    expect(await failure(call(open(url), 'unary', 'x').response)).toMatchObject({
      code: Code.UNAVAILABLE,
      neverSent: false,
    })
  })
})

describe('a response', () => {
  const wrongType = response(['content-type', 'text/html'])
  it.each<[string, Uint8Array[], number]>([
    ['of another content type', [headers(1, wrongType), content(1, '<html>', { end: true })], Code.UNKNOWN],
    ['that ends without trailers', [headers(1, begun), content(1, hello, { end: true })], Code.INTERNAL],
    [
      'whose trailers have no status',
      [headers(1, begun), content(1, hello), headers(1, Uint8Array.of(), { end: true })],
      Code.UNKNOWN,
    ],
    [
      'in an unknown encoding',
      [
        headers(1, response(['content-type', 'application/grpc'], ['grpc-encoding', 'br'])),
        content(1, hello),
        trailers(1),
      ],
      Code.INTERNAL,
    ],
    ['that is cut off', [headers(1, begun), content(1, hello.subarray(0, 7)), trailers(1)], Code.INTERNAL],
    ['with a flag of 2', [headers(1, begun), content(1, frame('x', 2)), trailers(1)], Code.INTERNAL],
    ['that is nothing but a failure', [headers(1, statusOnly(5), { end: true })], Code.NOT_FOUND],
    ['that fails behind its message', [headers(1, begun), content(1, hello), trailers(1, 9)], Code.FAILED_PRECONDITION],
    ['that is nothing but OK', [headers(1, statusOnly(0), { end: true })], Code.UNIMPLEMENTED],
  ])('%s', async (_, frames, code) => {
    const channel = await answered(...frames)
    expect(await failure(call(channel, 'unary', 'x').response)).toMatchObject({ code })
  })

  it('may come after information', async () => {
    const early = Buffer.from([0, 7, ...Buffer.from(':status'), 3, ...Buffer.from('103')])
    const channel = await answered(headers(1, early), ...answer(1))
    expect(await call(channel, 'unary', 'x').response).toBe('hello')
  })

  it('of several messages comes as it is, cut anywhere', async () => {
    const whole = Buffer.concat([frame('a'), frame(''), frame('bcd')])
    const pieces = [...whole].map((byte) => content(1, [byte]))
    const channel = await answered(headers(1, begun), ...pieces, trailers(1))
    expect(await all(await call(channel, 'server_stream', 'x').response)).toEqual(['a', '', 'bcd'])
  })

  it('is given up as soon as its length is over the limit', async () => {
    const declared = Buffer.from([0, 255, 255, 255, 255])
    const channel = await answered(headers(1, begun), content(1, declared))
    expect((await failure(call(channel, 'unary', 'x').response)).code).toBe(Code.RESOURCE_EXHAUSTED)
  })
})
