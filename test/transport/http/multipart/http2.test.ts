import { once } from 'node:events'
import { connect } from 'node:http2'
import { serve } from 'tierkit/app'
import { expect, it, onTestFinished } from 'vitest'
import { form, PUT, part, TYPE, upload } from './fixture.js'

it('a form arrives over HTTP/2 too, and is refused there', async () => {
  const server = serve({ host: '127.0.0.1' })
  const sizes: number[] = []
  const { port } = await server.listen([
    upload({ type: 'Chunk', kind: 'client_stream' }, async (requests: AsyncIterable<{ chunk?: Uint8Array }>) => {
      for await (const { chunk } of requests) sizes.push(chunk?.length ?? 0)
      return {}
    }),
  ])
  onTestFinished(() => server.close())
  const client = connect(`http://127.0.0.1:${port}`)
  onTestFinished(() => client.destroy())
  const send = async (body: Buffer): Promise<unknown> => {
    const request = client.request({ ':method': 'POST', ':path': PUT, 'content-type': TYPE })
    request.on('error', () => {})
    request.end(body)
    const [head] = await once(request, 'response')
    return [head[':status'], ((await request.toArray()) as Buffer[]).join('')]
  }
  expect(await send(form(part('chunk', Buffer.alloc(500_000))))).toEqual([200, '{}'])
  expect(sizes.reduce((sum, size) => sum + size)).toBe(500_000)
  expect(await send(form(part('nope', 'x')))).toEqual([400, expect.stringContaining('nope')])
  expect(await send(form(part('chunk', 'x')).subarray(0, 30))).toEqual([400, expect.stringContaining('breaks off')])
})
