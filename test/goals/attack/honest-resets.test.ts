import { closeClient, createClient } from 'tierkit/client'
import { Code } from 'tierkit/error'
import { grpcChannel } from 'tierkit/transport/grpc'
import { afterEach, expect, it, vi } from 'vitest'
import { Load } from '../load.js'
import { TargetProcess } from '../process/target-process.js'
import { Traffic } from '../process/traffic.js'
import { full, report } from '../scale.js'

const CALLS = 20_000

let target: TargetProcess | undefined
afterEach(() => target?.[Symbol.asyncDispose]())

it.runIf(full)(
  'a client of good faith is not cut off for one call in ten that it gives up',
  {
    timeout: 120_000,
  },
  async () => {
    target = await TargetProcess.start()
    const channel = grpcChannel(target.url)
    const states: string[] = []
    channel.onStateChange((state) => states.push(state))
    const client = createClient(Traffic, { channel, middleware: [] })
    let count = 0
    const load = new Load(1000, () => {
      if (count++ % 10 !== 0) return client.one({ text: 'hello' })
      const controller = new AbortController()
      setTimeout(() => controller.abort(), 20)
      return client.one({ text: 'hang' }, { signal: controller.signal }).catch((error) => {
        if (error.code !== Code.CANCELLED) throw error
      })
    })
    await vi.waitFor(() => expect(load.calls).toBeGreaterThan(CALLS), { timeout: 60_000, interval: 100 })
    const { calls, errors } = await load.stop()
    report(42, {
      name: 'resets of good faith',
      calls,
      errors: errors.length,
      kinds: [...new Set(errors.map(String))],
      states,
    })
    await closeClient(client)
    await channel.close()
    expect(errors.map(String)).toEqual([])
  },
)
