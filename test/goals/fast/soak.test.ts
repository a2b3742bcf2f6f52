import { bindings } from 'tierkit'
import { closeClient, createClient } from 'tierkit/client'
import { grpcChannel, grpcServer } from 'tierkit/transport/grpc'
import { afterAll, beforeAll, describe, it } from 'vitest'
import type { Peer } from '../../interop/cases/case.js'
import { soakCases } from '../../interop/cases/soak.js'
import { TestService, UnimplementedService } from '../../interop/contract.js'
import { testService } from '../../interop/service.js'
import { scaled } from '../scale.js'

// How long a call took is asked in full only.
const limits = { maxFailures: 0, maxLatencyMs: scaled(20_000, 1000) }
const transports = { grpc: grpcChannel }

const server = grpcServer({ host: '127.0.0.1' })
let peer: Peer
beforeAll(async () => {
  const { url } = await server.listen(bindings([testService]))
  const open = (): Peer['test'] => createClient(TestService, { target: url, transports, middleware: [] })
  const unimplemented = createClient(UnimplementedService, { target: url, transports, middleware: [] })
  peer = { test: open(), unimplemented, open, watch: open }
})
afterAll(async () => {
  await closeClient(peer.test)
  await closeClient(peer.unimplemented)
  await server.close()
})

describe('a soak of large calls, without one failure,', { timeout: 600_000 }, () => {
  it('passes on one channel', async () => {
    const { rpc_soak } = soakCases({ ...limits, iterations: scaled(200, 10_000) })
    await rpc_soak?.(peer)
  })

  it('passes with a new channel for each', async () => {
    const { channel_soak } = soakCases({ ...limits, iterations: scaled(100, 1000) })
    await channel_soak?.(peer)
  })
})
