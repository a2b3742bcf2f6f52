import assert from 'node:assert/strict'
import { closeClient } from 'tierkit'
import type { Case } from './case.js'
import { largeUnary } from './unary.js'

/** How long and how strictly to soak, by the standard arguments. */
export interface SoakOptions {
  readonly iterations: number
  readonly maxFailures: number
  readonly maxLatencyMs: number
}

/** Makes many large calls, and holds each to a time. */
export function soakCases({ iterations, maxFailures, maxLatencyMs }: SoakOptions): Readonly<Record<string, Case>> {
  const soak = async (call: () => Promise<void>): Promise<void> => {
    let failures = 0
    for (let n = 0; n < iterations; n += 1) {
      const start = performance.now()
      const failed = await call().then(
        () => performance.now() - start > maxLatencyMs,
        () => true,
      )
      if (failed) failures += 1
    }
    assert(failures <= maxFailures, `${failures} of ${iterations} calls failed or took longer than ${maxLatencyMs} ms`)
  }
  return {
    rpc_soak: (peer) => soak(() => largeUnary(peer)),
    channel_soak: (peer) =>
      soak(async () => {
        const test = peer.open()
        await largeUnary({ ...peer, test })
        await closeClient(test)
      }),
  }
}
