import { Code } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { all, bind, call, type GrpcFixture, stream } from './fixture.js'

/** The four kinds of call. */
export function callsSuite({ connect }: GrpcFixture): void {
  const echo = [
    bind('unary', async (request: string) => `you said ${request}`),
    bind('client_stream', async (requests) => (await all<string>(requests)).join('+')),
    bind('server_stream', async (request: string) => stream(...request)),
    bind('bidi_stream', async (requests: AsyncIterable<string>) =>
      (async function* () {
        for await (const request of requests) yield request.toUpperCase()
      })(),
    ),
  ]

  describe('calls', () => {
    it('carries the four kinds', async () => {
      const { channel } = await connect(echo)
      expect(await call(channel, 'unary', 'hello').response).toBe('you said hello')
      expect(await call(channel, 'client_stream', stream('a', 'b', 'c')).response).toBe('a+b+c')
      expect(await all(await call(channel, 'server_stream', 'xyz').response)).toEqual(['x', 'y', 'z'])
      expect(await all(await call(channel, 'bidi_stream', stream('a', 'b')).response)).toEqual(['A', 'B'])
      expect(await all(await call(channel, 'bidi_stream', stream()).response)).toEqual([])
      expect(await call(channel, 'unary', '').response).toBe('you said ')
    })

    it('says UNIMPLEMENTED of an unknown method', async () => {
      const { channel } = await connect(echo)
      await expect(call(channel, 'unary', 'x', { name: 'Nowhere%25' }).response).rejects.toMatchObject({
        code: Code.UNIMPLEMENTED,
      })
    })
  })
}
