import { connect } from 'node:http2'
import type { Context, Endpoint } from 'tierkit/endpoint'
import { Code, RpcError } from 'tierkit/error'
import { describe, expect, it } from 'vitest'
import { rejection } from '../../middleware/fixture.js'
import { bind, call, type GrpcFixture } from './fixture.js'

/** What happens to statuses and metadata that are too long. */
export function headerLimitsSuite({ open, serve }: GrpcFixture): void {
  const long = (bytes: number): string => 'x'.repeat(bytes)
  const details = (bytes: number) => [{ type: 'test.Detail', value: new Uint8Array(bytes) }]

  describe('a status that is too long for HTTP/2', () => {
    const failing = async (error: RpcError) => {
      const endpoint: Endpoint = async (request) => {
        if (request === 'fine') return request
        throw error
      }
      const { url } = await serve([bind('unary', endpoint)])
      const channel = open(url)
      const thrown = await rejection(call(channel, 'unary', 'fail').response)
      // The connection is for others too.
      expect(await call(channel, 'unary', 'fine').response).toBe('fine')
      return thrown
    }

    it('arrives with the beginning of its message, with reason and details', async () => {
      const thrown = await failing(
        new RpcError(Code.NOT_FOUND, `é${long(2_000_000)}`, { reason: 'GONE', details: details(10) }),
      )
      expect(thrown).toMatchObject({ code: Code.NOT_FOUND, reason: 'GONE', details: details(10) })
      expect(thrown.rawMessage).toMatch(/^éx{10000}/)
    })

    it('arrives without its details if they are what is too long', async () => {
      const thrown = await failing(new RpcError(Code.NOT_FOUND, 'gone', { reason: 'GONE', details: details(100_000) }))
      expect(thrown).toMatchObject({ code: Code.NOT_FOUND, rawMessage: 'gone', reason: 'GONE', details: [] })
    })

    it('arrives with code and message if all else is too long', async () => {
      const thrown = await failing(new RpcError(Code.NOT_FOUND, 'gone', { metadata: { why: long(100_000) } }))
      expect(thrown).toMatchObject({ code: Code.NOT_FOUND, rawMessage: 'gone', metadata: {} })
    })
  })

  describe('response metadata that is too long for HTTP/2', () => {
    const answering = async (touch: (context: Context) => void, error?: RpcError) => {
      const endpoint: Endpoint = async (request, context) => {
        if (request === 'fine') return request
        touch(context)
        if (error) throw error
        return request
      }
      const { url } = await serve([bind('unary', endpoint)])
      const channel = open(url)
      const thrown = await rejection(call(channel, 'unary', 'long').response)
      expect(await call(channel, 'unary', 'fine').response).toBe('fine')
      return thrown
    }
    const headers = (context: Context): void => void context.responseHeaders.set('x-long', long(100_000))
    const trailers = (context: Context): void => void context.responseTrailers.set('x-long', long(100_000))

    it.each([
      ['in headers', headers],
      ['in trailers', trailers],
    ])('fails the call that it belongs to, %s', async (_, touch) => {
      expect(await answering(touch)).toMatchObject({ code: Code.RESOURCE_EXHAUSTED })
    })

    it.each([
      ['in headers', headers],
      ['in trailers', trailers],
    ])('does not hide why a call failed, %s', async (_, touch) => {
      const error = new RpcError(Code.NOT_FOUND, 'gone')
      expect(await answering(touch, error)).toMatchObject({ code: Code.NOT_FOUND, rawMessage: 'gone' })
    })
  })

  it('a client that takes little gets no more than that', async () => {
    const { address } = await serve([
      bind('unary', () => Promise.reject(new RpcError(Code.NOT_FOUND, long(9000), { details: details(9000) }))),
    ])
    const session = connect(address.url.replace('grpc:', 'http:'), { settings: { maxHeaderListSize: 4096 } })
    try {
      await new Promise((resolve) => session.once('localSettings', resolve))
      const stream = session.request({
        ':path': '/test.Text/unary',
        ':method': 'POST',
        'content-type': 'application/grpc',
      })
      stream.end(Buffer.from([0, 0, 0, 0, 0]))
      const answer = await new Promise<Record<string, unknown>>((resolve, reject) => {
        stream.once('response', resolve).once('error', reject)
      })
      expect(answer['grpc-status']).toBe('5')
      expect(String(answer['grpc-message'])).toMatch(/^x{500,3000}$/)
      stream.close()
    } finally {
      session.destroy()
    }
  })
}
