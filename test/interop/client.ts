/**
 * The client of gRPC's interoperability tests:
 * `npm run interop:client -- --server_host=H --server_port=N --test_case=CASE [--use_tls=true --use_test_ca=true]`.
 * `--test_case=all` runs all of them, `--test_case=A,B` some. Exits with 0 if the server did as it should, else with 1 and the reason.
 */
import { ca } from '../fixtures/certificates.js'
import { engineOf, readArguments, yes } from './arguments.js'
import { allCases, compressionCases } from './cases/index.js'
import { openPeer } from './open-peer.js'

const options = readArguments([
  'server_host',
  'server_host_override',
  'server_port',
  'test_case',
  'use_tls',
  'use_test_ca',
  'engine',
  'soak_iterations',
  'soak_max_failures',
  'soak_per_iteration_max_acceptable_latency_ms',
])
const { server_host = '127.0.0.1', server_port = '8080', test_case = 'all' } = options
const engine = engineOf(options.engine)

const tls = {
  ...(yes(options.use_test_ca) && { ca }),
  ...(options.server_host_override !== undefined && { serverName: options.server_host_override }),
}
const url = `${yes(options.use_tls) ? 'grpcs' : 'grpc'}://${server_host}:${server_port}`

const soak = {
  iterations: Number(options.soak_iterations ?? 10),
  maxFailures: Number(options.soak_max_failures ?? 0),
  maxLatencyMs: Number(options.soak_per_iteration_max_acceptable_latency_ms ?? 1000),
}
const cases = { ...allCases(soak), ...(options.engine === 'fast' && compressionCases) }
const names = test_case === 'all' ? Object.keys(cases) : test_case.split(',')
const { peer, close } = openPeer(engine.channel, url, yes(options.use_tls) ? tls : undefined)

for (const name of names) {
  const run = cases[name]
  if (!run) {
    console.error(`there is no case ${name}; there are ${Object.keys(cases).join(', ')}, all`)
    process.exit(2)
  }
  try {
    await run(peer)
    console.log(`${name}: ok`)
  } catch (error) {
    console.error(`${name}: FAILED`, error)
    process.exitCode = 1
  }
}
await close()
