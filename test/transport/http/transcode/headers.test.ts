import type { Context } from 'tierkit/endpoint'
import { describe, expect, it } from 'vitest'
import { raw } from '../fixture.js'
import { library } from './library.js'

/** A server that tells what it hears, and says something itself. */
function hearing() {
  const heard: Record<string, unknown> = {}
  const own = {
    create(book: unknown, context: Context) {
      for (const [key, values] of context.metadata) heard[key] = values.length === 1 ? values[0] : values
      heard.left = context.remainingMs()
      context.responseHeaders.set('x-a', 'head')
      context.responseHeaders.set('b-bin', new Uint8Array([255]))
      context.responseTrailers.set('x-c', 'tail')
      return book
    },
  }
  return library({}, own).then((server) => ({ ...server, heard }))
}

async function post(port: number, headers: readonly string[]): Promise<string> {
  const head = [
    'POST /v1/books HTTP/1.1',
    'Host: x',
    'Connection: close, TE',
    'Content-Type: application/json',
    ...headers,
  ]
  return raw(port, `${head.join('\r\n')}\r\nContent-Length: 2\r\n\r\n{}`)
}

describe('headers of a request', () => {
  it('are metadata as the mapping says', async () => {
    const { port, heard } = await hearing()
    await post(port, [
      'Grpc-Metadata-Tenant: t',
      'grpc-metadata-many: 1',
      'GRPC-METADATA-MANY: 2',
      'Grpc-Metadata-Raw-Bin: /+8=',
      'Authorization: Bearer x',
      'X-Own: o',
      'Grpc-Timeout: 5S',
      'Grpc-Metadata-Grpc-Status: 0',
      'Cookie: c=d',
    ])
    const { left, ...rest } = heard
    expect(rest).toEqual({
      tenant: 't',
      many: ['1', '2'],
      'raw-bin': new Uint8Array([255, 239]),
      authorization: 'Bearer x',
      'x-own': 'o',
    })
    expect(left).toBeGreaterThan(0)
    expect(left).toBeLessThanOrEqual(5000)
  })
})

describe('headers of a response', () => {
  it('have the metadata, and trailers for a client that reads them', async () => {
    const { port } = await hearing()
    const answer = await post(port, ['TE: trailers'])
    expect(answer).toMatch(/\r\ngrpc-metadata-x-a: head\r\n/i)
    expect(answer).toMatch(/\r\ngrpc-metadata-b-bin: \/w\r\n/i)
    expect(answer).toMatch(/\r\ntransfer-encoding: chunked\r\n/i)
    expect(answer).toMatch(/0\r\ngrpc-trailer-x-c: tail\r\n\r\n$/i)
  })

  it('have no trailers for one that does not', async () => {
    const { port } = await hearing()
    const answer = await post(port, [])
    expect(answer).toMatch(/\r\ngrpc-metadata-x-a: head\r\n/i)
    expect(answer).not.toMatch(/grpc-trailer/i)
    expect(answer).toMatch(/\r\n\r\n\{\}$/)
  })
})
