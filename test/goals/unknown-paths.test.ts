import { once } from 'node:events'
import { connect } from 'node:http2'
import { InMemorySpanExporter, NodeTracerProvider, SimpleSpanProcessor } from '@opentelemetry/sdk-trace-node'
import { Registry } from 'prom-client'
import { serve } from 'tierkit/app'
import { metrics, tracing } from 'tierkit/middleware'
import { bindings, implement } from 'tierkit/service'
import { expect, it, onTestFinished } from 'vitest'
import { Probe } from './probe.js'
import { scaled } from './scale.js'

const GRPC_PATHS = scaled(1000, 10_000)
const HTTP_PATHS = scaled(200, 1000)

/** Words that no two runs share, of letters that paths have. */
function word(): string {
  return Math.random().toString(36).slice(2)
}

it('paths that lead nowhere make no series and no spans', async () => {
  const registry = new Registry()
  const spans = new InMemorySpanExporter()
  const provider = new NodeTracerProvider({ spanProcessors: [new SimpleSpanProcessor(spans)] })
  provider.register()
  onTestFinished(() => provider.shutdown())
  const service = implement(Probe, { unary: async () => ({}), async *stream() {} })
  const server = serve({ host: '127.0.0.1', grpc: { registry } })
  const { urls = [] } = await server.listen(bindings([service], tracing(), metrics({ registry })))
  onTestFinished(() => server.close())
  const client = connect(urls[1] ?? '')
  onTestFinished(() => client.destroy())

  /** Asks for a path; gives what the answer says of it. */
  const ask = async (path: string, type: string): Promise<unknown> => {
    const request = client.request({ ':method': 'POST', ':path': path, 'content-type': type, te: 'trailers' })
    request.end(type === 'application/grpc' ? Buffer.alloc(5) : '{}')
    const [headers] = await once(request, 'response')
    request.resume()
    await once(request, 'close')
    return headers['grpc-status'] ?? headers[':status']
  }
  const { path } = Probe.methods.unary
  expect(await ask(path, 'application/grpc')).toBe(200)
  const known = (await registry.metrics()).split('\n').length
  const answers = new Set<unknown>()
  for (let n = 0; n < GRPC_PATHS; n += 50)
    for (const answer of await Promise.all(
      Array.from({ length: 50 }, () => ask(`/${word()}.V1/${word()}`, 'application/grpc')),
    ))
      answers.add(answer)
  for (let n = 0; n < HTTP_PATHS; n += 50)
    for (const answer of await Promise.all(
      Array.from({ length: 50 }, () => ask(`/${word()}?${word()}`, 'application/json')),
    ))
      answers.add(answer)

  expect([...answers]).toEqual(['12', 404])
  expect((await registry.metrics()).split('\n')).toHaveLength(known)
  expect(spans.getFinishedSpans().map(({ name }) => name)).toEqual([path.slice(1)])
})
