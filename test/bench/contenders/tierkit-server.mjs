import { writeSync } from 'node:fs'
import { standard } from 'tierkit/middleware'
import { createLogger } from 'tierkit/observability'
import { bindings, implement, parseProto } from 'tierkit/service'
import { answerMemory } from './answer-memory.mjs'
import { proto } from './contract.mjs'
import { engineOf } from './engine.mjs'

// Arguments: engine, mode. Modes:
// `bare`: no middleware. `chain`: what a server has when it names none, logging failures only. `otel`: the same with the SDK
// of OpenTelemetry, one trace in a hundred sampled. `records`: what a server has when it names none, a record of each call
// on standard output; it says on descriptor 3 where it listens.
const [engine, mode] = process.argv.slice(2)
const failuresOnly = { logging: { logger: createLogger({ level: 'warn' }) } }
const middleware = {
  bare: () => [],
  chain: () => standard(failuresOnly),
  otel: () => standard(failuresOnly),
  records: () => standard(),
}[mode]

if (mode === 'otel') {
  const { startTracing } = await import('tierkit/observability/otel')
  const exporter = { export: (_, done) => done({ code: 0 }), shutdown: async () => {} }
  startTracing({ serviceName: 'bench', sampleRatio: 0.01, exporter })
}

async function* watch({ size }, context) {
  const chunk = { content: new Uint8Array(size) }
  yield chunk
  while (size > 0) yield chunk
  await new Promise((resolve) => context.onCancel(resolve))
}

const { makeServer } = await engineOf(engine)
const Greeter = parseProto(proto).service('bench.Greeter')
const service = implement(Greeter, { sayHello: async ({ name }) => ({ message: `Hello ${name}` }), watch })
const server = makeServer({ host: '127.0.0.1', port: 0 })
const { port } = await server.listen(bindings([service], ...middleware()))
writeSync(mode === 'records' ? 3 : 1, `listening ${port}\n`)
answerMemory()
