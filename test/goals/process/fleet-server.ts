// One process of a fleet: serves the probe and registers. See ../fleet.ts.
import { createApp, http } from 'tierkit/app'
import { implement } from 'tierkit/service'
import { type EngineName, engines } from '../engines.js'
import { Probe } from '../probe.js'

const { engine = 'grpc-js', registry, propagationDelayMs, drainTimeoutMs } = JSON.parse(process.argv[2] ?? '{}')
const own = `${process.pid}`
const service = implement(Probe, {
  unary: () => ({ text: own }),
  async *stream(request) {
    yield request
    // A handler that is stuck: it neither ends nor heeds its signal.
    await new Promise(() => {})
  },
})

const app = createApp({
  name: 'probe',
  services: [service],
  servers: [engines[engine as EngineName].server({ host: '127.0.0.1' }), http({ host: '127.0.0.1' })],
  registry,
  stop: { propagationDelayMs, drainTimeoutMs },
  hooks: {
    afterStart: () => {
      const { endpoints } = app.instance
      process.stdout.write(`${JSON.stringify({ ready: endpoints })}\n`)
    },
  },
})
await app.run()
